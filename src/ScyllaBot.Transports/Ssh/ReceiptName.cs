using System.Security.Cryptography;
using System.Text;

namespace ScyllaBot.Transports.Ssh;

/// <summary>A receipt's name as the node and systemd take it: letters, digits and <c>_.:-</c>, at most 200. Different receipts stay different.</summary>
internal static class ReceiptName
{
    private const int Longest = 200;
    private const int Digits = 16;

    public static string Of(string receipt)
    {
        var plain = string.Concat(receipt.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-' ? c : '_'));
        if (plain.Length is > 0 and <= Longest && plain == receipt && char.IsAsciiLetterOrDigit(plain[0]))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt)))[..Digits];
        return $"r{plain[..Math.Min(plain.Length, Longest - Digits - 2)]}-{hash}";
    }
}
