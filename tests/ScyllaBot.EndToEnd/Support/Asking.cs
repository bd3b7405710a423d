using ScyllaBot.Demo;

namespace ScyllaBot.EndToEnd.Support;

/// <summary>A person asks and reads the answer that only they see.</summary>
internal static class Asking
{
    extension(DemoMessage message)
    {
        /// <summary>Its text without the backslashes and invisible spaces that keep Discord from reading markup into it.</summary>
        public string Plain => message.Text.Replace("\\", "", StringComparison.Ordinal).Replace("\u200b", "", StringComparison.Ordinal);
    }

    /// <summary>Types <c>/scp VERB …</c>; returns the bot's private answer.</summary>
    public static async Task<DemoMessage> AskAsync(this DemoUser user, string verb, params (string Name, string Value)[] options)
    {
        var before = await IdsAsync(user);
        await user.CommandAsync(verb, options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal), CancellationToken.None);
        return await NewAsync(user, before, $"an answer to /scp {verb}");
    }

    /// <summary>Presses a button; returns the private answer, be it a message of its own or the pressed one, changed.</summary>
    public static async Task<DemoMessage> PressedAsync(this DemoUser user, DemoMessage message, string label)
    {
        var before = await IdsAsync(user);
        await user.PressAsync(label, m => m.Id == message.Id, Patience.Answer, CancellationToken.None);
        return await user.WaitAsync(
            m => m.IsEphemeral && (!before.Contains(m.Id) || (m.Id == message.Id && m.Button(label) is null)) && m.Text.Length > 0,
            $"an answer to pressing {label}", Patience.Answer, CancellationToken.None);
    }

    /// <summary>Private messages of this person that are not among <paramref name="before"/>, thinking ones too.</summary>
    public static async Task<IReadOnlyList<DemoMessage>> NewOnesAsync(this DemoUser user, IReadOnlySet<string> before) =>
        [.. (await user.MessagesAsync(CancellationToken.None)).Where(m => m.IsEphemeral && !before.Contains(m.Id))];

    public static async Task<IReadOnlySet<string>> IdsAsync(this DemoUser user) =>
        (await user.MessagesAsync(CancellationToken.None)).Select(m => m.Id).ToHashSet(StringComparer.Ordinal);

    public static Task<DemoMessage> NewAsync(this DemoUser user, IReadOnlySet<string> before, string what) => user.WaitAsync(
        m => m.IsEphemeral && !before.Contains(m.Id) && (m.Text.Length > 0 || m.HasFailed), what, Patience.Answer, CancellationToken.None);
}
