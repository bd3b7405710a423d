namespace ScyllaBot.Discord.Rest;

/// <summary>Lets one through at a time, in order of arrival.</summary>
internal sealed class Turnstile
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private bool _taken;

    /// <returns>Leave it in a finally, exactly once per entry.</returns>
    public async Task EnterAsync(CancellationToken ct)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            if (!_taken)
            {
                _taken = true;
                return;
            }

            place = _waiting.AddLast(turn);
        }

        await using var registration = ct.Register(() => Forget(place, ct));
        await turn.Task;
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (_waiting.First is not { } next)
            {
                _taken = false;
                return;
            }

            _waiting.RemoveFirst();
            next.Value.SetResult();
        }
    }

    private void Forget(LinkedListNode<TaskCompletionSource> place, CancellationToken ct)
    {
        lock (_gate)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                place.Value.SetCanceled(ct);
            }
        }
    }
}
