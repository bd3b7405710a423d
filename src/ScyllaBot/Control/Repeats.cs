namespace ScyllaBot.Control;

/// <summary>
/// What was answered to each POST of the last quarter of an hour: the same request twice, because its answer was lost, does it once. A start is
/// kept from happening twice by the store as well, for ever.
/// </summary>
internal sealed class Repeats(TimeProvider time)
{
    private const int Kept = 2000;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Said, Task<object> Answer, long At)> _answers = new(StringComparer.Ordinal);

    /// <param name="id">Of the request, with its user.</param>
    /// <param name="said">What is asked for.</param>
    /// <param name="work">Run for the first of them.</param>
    /// <returns>The answer, and whether it was given before; null: that id was used for something else.</returns>
    public (Task<object> Answer, bool IsRepeat)? Once(string id, string said, Func<Task<object>> work)
    {
        TaskCompletionSource<object> mine;
        lock (_gate)
        {
            if (_answers.TryGetValue(id, out var before) && time.GetElapsedTime(before.At) <= Life)
            {
                return before.Said == said ? (before.Answer, true) : null;
            }

            mine = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
            Forget();
            _answers[id] = (said, mine.Task, time.GetTimestamp());
        }

        return (RunAsync(id, work, mine), false);
    }

    private async Task<object> RunAsync(string id, Func<Task<object>> work, TaskCompletionSource<object> mine)
    {
        try
        {
            var answer = await work();
            mine.SetResult(answer);
            return answer;
        }
        catch (Exception failed)
        {
            lock (_gate)
            {
                // What failed may be asked again.
                _answers.Remove(id);
            }

            mine.SetException(failed);
            _ = mine.Task.Exception;
            throw;
        }
    }

    private void Forget()
    {
        foreach (var old in _answers.Where(a => time.GetElapsedTime(a.Value.At) > Life).Select(a => a.Key).ToArray())
        {
            _answers.Remove(old);
        }

        while (_answers.Count >= Kept)
        {
            _answers.Remove(_answers.MinBy(a => a.Value.At).Key);
        }
    }
}
