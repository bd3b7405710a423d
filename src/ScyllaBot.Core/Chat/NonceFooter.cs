namespace ScyllaBot.Core.Chat;

/// <summary>Puts a message's nonce where <see cref="IChat.FindAsync"/> looks for it (R14): the last word of its footer.</summary>
public static class NonceFooter
{
    public static Notice On(Notice notice, string nonce) =>
        notice with { Footer = notice.Footer.Length == 0 ? nonce : $"{notice.Footer} · {nonce}" };
}
