using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>What a press means: <c>scp:v1:VERB:JOB[:ARG]</c>. Rights are checked at the press (R21).</summary>
/// <param name="Verb">One of the constants here.</param>
/// <param name="Arg">Empty when the verb needs none; otherwise an approval key or a node: any printable ASCII, colons too.</param>
public sealed record ChoiceId(string Verb, JobId Job, string Arg)
{
    public const string Approve = "approve";
    public const string Refuse = "refuse";
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Retry = "retry";
    public const string Wait = "wait";
    public const string Restore = "restore";
    public const string Skip = "skip";
    public const string Abort = "abort";
    public const string Ack = "ack";
    public const string Details = "details";

    /// <summary>Its argument is what becomes of nodes that were changed by hand; empty: show them first.</summary>
    public const string Handback = "handback";
    /// <summary>Approves what asks for a typed word (R17): opens a form.</summary>
    public const string Confirm = "confirm";

    /// <summary>One authorised person approves alone, with a reason (R16): opens a form.</summary>
    public const string Glass = "glass";

    /// <summary>Asks for the way out of a topology operation (R5); its argument is the node.</summary>
    public const string Out = "out";

    /// <summary>Shows the plan of wiping a machine and joining it anew (R5); its argument is the node.</summary>
    public const string Rejoin = "rejoin";

    /// <summary>Its argument is the asking step and, after <c>=</c>, the number of a choice from 0 or <c>text</c>.</summary>
    public const string Answer = "answer";

    /// <summary>Discord's limit of a custom id.</summary>
    public const int MaxLength = 100;

    private const string Prefix = "scp:v1:";

    /// <summary>All there are.</summary>
    public static ImmutableHashSet<string> Verbs { get; } = ImmutableHashSet.Create(
        StringComparer.Ordinal, Approve, Refuse, Pause, Resume, Retry, Wait, Restore, Skip, Abort, Ack, Details, Answer, Handback, Confirm, Glass, Out, Rejoin);

    /// <returns>Null on anything that <see cref="ToString"/> could not have made.</returns>
    public static ChoiceId? TryParse(string? text)
    {
        if (text is null || text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var fields = text[Prefix.Length..].Split(':', 3);
        if (fields.Length < 2)
        {
            return null;
        }

        var id = new ChoiceId(fields[0], new JobId(fields[1]), fields.Length == 3 ? fields[2] : "");
        return id.IsValid && string.Equals(id.Text, text, StringComparison.Ordinal) ? id : null;
    }

    /// <returns>Null when it would be longer than 100 characters or would not read back.</returns>
    public static string? TryFormat(string verb, JobId job, string arg) =>
        new ChoiceId(verb, job, arg) is { IsValid: true } id && id.Text.Length <= MaxLength ? id.Text : null;

    /// <summary>The text on the wire.</summary>
    /// <exception cref="InvalidOperationException">It would be longer than 100 characters, or would not read back.</exception>
    public override string ToString() =>
        IsValid && Text.Length <= MaxLength ? Text : throw new InvalidOperationException($"no choice id: {Markup.Cut(Text, 140)}");

    private string Text => Arg.Length == 0 ? $"{Prefix}{Verb}:{Job.Value}" : $"{Prefix}{Verb}:{Job.Value}:{Arg}";

    private bool IsValid =>
        Verbs.Contains(Verb) && !string.IsNullOrEmpty(Job.Value) && Job.Value.All(char.IsAsciiLetterOrDigit)
        && Arg.All(c => c is > ' ' and <= '~');
}
