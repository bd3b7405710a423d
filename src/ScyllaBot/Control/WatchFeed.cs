using System.Collections.Immutable;
using System.Threading.Channels;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Control;

/// <summary>Tells watchers that something of their job is new. What it is they read where it lasts: from the journal and the log.</summary>
internal sealed class WatchFeed(JobLogBook logs) : IJobReader, ILogSink
{
    private ImmutableArray<Ear> _ears = [];

    public void Committed(Job job, ImmutableArray<JobEvent> events) => Tell(job.Id.Value);

    public void Touched(JobId job) => Tell(job.Value);

    public void Write(LogLine line)
    {
        logs.Write(line);
        Tell(line.Job);
    }

    /// <summary>How many listen now.</summary>
    public int Watchers => _ears.Length;

    public Ear Listen(JobId job)
    {
        var ear = new Ear(this, job.Value);
        ImmutableInterlocked.Update(ref _ears, all => all.Add(ear));
        return ear;
    }

    private void Tell(string job)
    {
        foreach (var ear in _ears)
        {
            if (string.Equals(ear.Job, job, StringComparison.Ordinal))
            {
                ear.Tell();
            }
        }
    }

    /// <summary>One watcher's.</summary>
    internal sealed class Ear(WatchFeed feed, string job) : IDisposable
    {
        // One word is as good as many.
        private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public string Job => job;

        public void Tell() => _news.Writer.TryWrite(true);

        /// <returns>False: there was no news for so long.</returns>
        public async Task<bool> HearAsync(TimeSpan longest, TimeProvider time, CancellationToken ct)
        {
            using var patience = new CancellationTokenSource(longest, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
            try
            {
                return await _news.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return false;
            }
        }

        public void Dispose() => ImmutableInterlocked.Update(ref feed._ears, all => all.Remove(this));
    }
}
