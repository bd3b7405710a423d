using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>The bot itself.</summary>
/// <param name="Me">Who asks, as the bot knows them.</param>
/// <param name="ChatLostSince">Null while people can be reached in chat.</param>
public sealed record BotView(
    string Version, DateTimeOffset Started, DateTimeOffset Now, bool Sandbox, MeView Me, int Clusters, int OpenJobs, string? FleetHalt,
    DateTimeOffset? ChatLostSince, string? ChatWhy);

/// <param name="Rights">Such as <c>read, operate</c>.</param>
public sealed record MeView(Person Person, ImmutableArray<string> Rights);

/// <param name="What">A sentence.</param>
/// <param name="Undo">What pays it, as somebody would type it.</param>
/// <param name="ByItself">The bot pays it without asking anybody.</param>
public sealed record DebtLine(
    string Id, string Cluster, string Job, DebtKind Kind, string Subject, string What, DateTimeOffset Opened, DateTimeOffset Deadline, DebtNature Nature,
    string Undo, bool ByItself, bool Overdue)
{
    public static DebtLine Of(Debt debt, DateTimeOffset now) => new(
        debt.Id, debt.Cluster, debt.Job.Value, debt.Kind, debt.Subject, debt.What, debt.Opened, debt.Deadline, debt.Nature, debt.Undo.ToString(),
        debt.Undo.ByItself, debt.IsOverdue(now));
}

public sealed record DebtList(ImmutableArray<DebtLine> Debts);

/// <summary>A command, press or refusal of a person (R21).</summary>
/// <param name="Channel">Where: a chat channel, or <c>control</c>.</param>
public sealed record AuditLine(long Sequence, DateTimeOffset At, Person By, string Channel, string Said, string Decision);

/// <summary>The oldest first.</summary>
public sealed record AuditList(ImmutableArray<AuditLine> Entries);
