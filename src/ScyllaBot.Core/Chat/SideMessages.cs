using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Chat;

/// <summary>A job's approvals and halts after they were posted: decided, acknowledged or over, they lose their buttons.</summary>
internal sealed class SideMessages(JobId job, CardPorts ports)
{
    private readonly SortedDictionary<long, JobEvent> _events = [];
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);
    private long _read;

    /// <exception cref="RecoverableException">Something is left to be written.</exception>
    public async Task UpdateAsync(LiveJob live, CancellationToken ct)
    {
        await ReadJournalAsync(ct);
        if (!_events.Values.Any(e => e is ApprovalAsked or ApprovalExpired or Halted or JobHeld or QuestionAsked))
        {
            return;
        }

        foreach (var row in await ports.Store.OutboxAsync(job, ct))
        {
            if (row.Message is { } place && !_settled.Contains(row.Nonce) && Render(live, row) is var (notice, isFinal))
            {
                await WriteAsync(row, new MessageRef(place), notice, isFinal, ct);
            }
        }
    }

    private async Task ReadJournalAsync(CancellationToken ct)
    {
        foreach (var entry in await ports.Store.ReadAsync(StreamId.Of(job), _read, ct))
        {
            _read = entry.Sequence;
            if (entry.Event is ApprovalAsked or ApprovalGiven or GlassBroken or ApprovalRefused or ApprovalExpired
                or Halted or HaltCalled or HaltAcknowledged or RetryAsked or AbortAsked or Ended
                or JobHeld or HoldPinged or ViewSeen or QuestionAsked or QuestionAnswered)
            {
                _events[entry.Sequence] = (JobEvent)entry.Event;
            }
        }
    }

    /// <returns>Null while the message stands as it was posted.</returns>
    private (Notice Notice, bool IsFinal)? Render(LiveJob live, OutboxRow row)
    {
        var later = _events.Where(e => e.Key > row.Sequence).Select(e => e.Value);
        switch (row.Kind, _events.GetValueOrDefault(row.Sequence))
        {
            case (OutboxItems.Approval, ApprovalAsked asked):
                var approval = ApprovalCard.Render(live.Job, asked, live.Plan, later, ports.Sandbox);
                return (approval, approval.Choices.IsEmpty);
            case (OutboxItems.Call, HaltCalled):
                var last = _events.Where(e => e.Key < row.Sequence).Select(e => e.Value).OfType<Halted>().Last();
                return live.Job.Halt == last && !live.Job.HaltIsAcknowledged
                    ? null : (HaltNotice.Render(live.Job, last, live.Plan, later, ports.Sandbox), live.Job.Halt != last);
            case (OutboxItems.Halt, Halted halted):
                var isCurrent = live.Job.Halt == halted;
                return isCurrent && !live.Job.HaltIsAcknowledged
                    ? null
                    : (HaltNotice.Render(live.Job, halted, live.Plan, later, ports.Sandbox), !isCurrent);
            case (OutboxItems.Hold, JobHeld or HoldPinged):
                return Hold(live, row);
            case (OutboxItems.Lapse, ApprovalExpired lapsed):
                return LapseNotice.IsCurrent(live.Job, lapsed) ? null : (LapseNotice.Render(live.Job, lapsed, live.Plan, ports.Sandbox), true);
            case (OutboxItems.Question, QuestionAsked asked):
                var question = QuestionCard.Render(live.Job, asked, live.Plan, later, ports.Sandbox);
                return (question, question.Choices.IsEmpty);
            default:
                return null;
        }
    }

    /// <returns>Null while that hold lasts: the message stands as it was posted.</returns>
    private (Notice Notice, bool IsFinal)? Hold(LiveJob live, OutboxRow row)
    {
        var before = _events.Where(e => e.Key <= row.Sequence).Select(e => e.Value).ToArray();
        var (last, isPing) = (before.OfType<JobHeld>().Last(), before[^1] is HoldPinged);
        return live.Job.Hold?.Since <= last.At ? null
            : (HoldNotice.Render(live.Job, last.At, last.Why, isPing, before.OfType<ViewSeen>().LastOrDefault()?.Text, live.Plan, ports.Sandbox), true);
    }

    private async Task WriteAsync(OutboxRow row, MessageRef place, Notice notice, bool isFinal, CancellationToken ct)
    {
        var json = NoticeJson.Write(notice);
        try
        {
            if (!string.Equals(_written.GetValueOrDefault(row.Nonce, row.Payload), json, StringComparison.Ordinal))
            {
                await ports.Chat.UpdateAsync(place, NonceFooter.On(notice, row.Nonce), ct);
            }
        }
        catch (Exception hopeless) when (hopeless is MessageGoneException or UnrecoverableException)
        {
            // Nothing is lost: the decision is in the journal and on the card.
            CardLog.SideGivenUp(ports.Log, row.Kind, job, hopeless.Message);
            isFinal = true;
        }

        _written[row.Nonce] = json;
        if (isFinal)
        {
            _settled.Add(row.Nonce);
        }
    }
}
