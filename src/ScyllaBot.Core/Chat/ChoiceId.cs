using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>
/// What a button does, in its own id (<c>scp:v1:VERB:JOB[:ARG]</c>), so that it works after a restart. At most 100 characters;
/// the argument may hold ':' '@' and '.', such as a step's <c>1.2@node</c>.
/// </summary>
/// <param name="Verb">approve, refuse, pause, resume, retry, wait, restore, skip, abort, ack, details.</param>
/// <param name="Job">Which job.</param>
/// <param name="Arg">Empty when there is none.</param>
public sealed record ChoiceId(string Verb, JobId Job, string Arg)
{
    private const string Prefix = "scp";

    private const string Version = "v1";

    /// <returns>Null for anything else than an id of this version.</returns>
    public static ChoiceId? TryParse(string text)
    {
        text ??= "";
        var parts = text.Split(':', 5);
        return text.Length <= 100 && parts.Length >= 4 && parts[0] == Prefix && parts[1] == Version && parts[2].Length > 0 && parts[3].Length > 0
            ? new ChoiceId(parts[2], new JobId(parts[3]), parts.Length == 5 ? parts[4] : "")
            : null;
    }

    public override string ToString() => Arg.Length == 0 ? $"{Prefix}:{Version}:{Verb}:{Job}" : $"{Prefix}:{Version}:{Verb}:{Job}:{Arg}";
}
