namespace ScyllaBot.Core.Jobs;

/// <summary>node-2 before node-10.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            var (digitsA, digitsB) = (RunOfDigits(a, i), RunOfDigits(b, j));
            if (digitsA > 0 && digitsB > 0)
            {
                var numberA = a.AsSpan(i, digitsA).TrimStart('0');
                var numberB = b.AsSpan(j, digitsB).TrimStart('0');
                var byNumber = numberA.Length != numberB.Length ? numberA.Length - numberB.Length : numberA.SequenceCompareTo(numberB);
                if (byNumber != 0)
                {
                    return byNumber;
                }

                (i, j) = (i + digitsA, j + digitsB);
            }
            else if (a[i] != b[j])
            {
                return a[i] - b[j];
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        return a.Length - i - (b.Length - j) is var rest && rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    private static int RunOfDigits(string text, int from)
    {
        var end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - from;
    }
}
