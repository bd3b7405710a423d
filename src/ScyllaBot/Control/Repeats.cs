using System.Diagnostics.CodeAnalysis;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>
/// What was answered to each POST of the last quarter of an hour: the same request twice, because its answer was lost, does it once. A start is
/// kept from happening twice by the store as well, for ever.
/// </summary>
internal sealed class Repeats(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Remembered<(string Said, Task<object> Answer)> _answers = new(time, TimeSpan.FromMinutes(15), most: 2000);

    /// <param name="id">Of the request, with its user.</param>
    /// <param name="said">What is asked for.</param>
    /// <param name="work">Run for the first of them.</param>
    /// <param name="answer">To the first of them.</param>
    /// <returns>False: that id was used for something else.</returns>
    public bool Once(string id, string said, Func<Task<object>> work, [NotNullWhen(true)] out Task<object>? answer)
    {
        TaskCompletionSource<object> mine;
        lock (_gate)
        {
            if (_answers.TryFind(id, out var before))
            {
                answer = before.Said == said ? before.Answer : null;
                return answer is not null;
            }

            mine = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
            _answers.Keep(id, (said, mine.Task));
        }

        answer = RunAsync(id, work, mine);
        return true;
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
}
