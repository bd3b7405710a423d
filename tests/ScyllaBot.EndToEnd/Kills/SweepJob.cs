using ScyllaBot.Demo;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Kills;

/// <summary>One rolling restart from its command to its end, with somebody who answers its halts and somebody who kills the bot.</summary>
internal sealed class SweepJob(SandboxUnderTest sandbox, DemoScene scene, Killer killer, HostUnderTest host)
{
    private static readonly string[] FaultyNodes = ["scylla-messages-stg-us-east1-b-2", "scylla-messages-stg-us-east1-d-1"];

    /// <summary>As often as a start is tried before the job halts.</summary>
    private const int Attempts = 3;

    private DemoUser Mara => scene.User("mara", "ops");

    private DemoUser Jon => scene.User("jon", "ops");

    /// <returns>The job's id.</returns>
    public async Task<string> LiveAsync(JobLife life)
    {
        var job = await StartAsync(life.IsFaulty);
        using var over = new CancellationTokenSource();
        var answering = AnswerHaltsAsync(job, over.Token);
        try
        {
            foreach (var moment in life.Kills)
            {
                await killer.KillAsync(moment);
            }

            await EndAsync(job);
        }
        catch (TimeoutException stuck)
        {
            throw new TimeoutException($"{stuck.Message}; job {job}, the bot said:\n{host.Output[^Math.Min(host.Output.Length, 4000)..]}", stuck);
        }
        finally
        {
            await over.CancelAsync();
            await answering;
        }

        return job;
    }

    private async Task<string> StartAsync(bool isFaulty)
    {
        var known = await Mara.IdsAsync();
        var plan = await PlanAsync();
        for (var again = 0; again < 5 && (plan.Text.Contains("could not be read", StringComparison.Ordinal) || plan.Text.Contains("no node serves", StringComparison.Ordinal)); again++)
        {
            // On a busy machine the simulated nodes, whose clock runs 60 times as fast, may all answer too late: an operator asks again.
            plan = await PlanAsync();
        }

        Assert.True(plan.Button("Start") is not null, $"no plan but: {plan.Text}");
        await Mara.PressedAsync(plan, "Start");
        foreach (var node in isFaulty ? FaultyNodes : [])
        {
            await scene.InjectAsync(Bed.Cluster, node, "start-fails", Attempts, CancellationToken.None);
        }

        var question = await Jon.PressAsync(
            "Approve", m => !m.IsEphemeral && !known.Contains(m.Id), Patience.Answer, CancellationToken.None);
        return question.Footer.Split(' ')[0];
    }

    private Task<DemoMessage> PlanAsync() => Mara.AskAsync("run", ("workflow", "rolling_restart"), ("cluster", Bed.Cluster));

    /// <summary>The operator presses Retry on whatever asks for it, again when the bot was dead and the press came to nothing.</summary>
    private async Task AnswerHaltsAsync(string job, CancellationToken over)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(1_500));
        try
        {
            while (await looks.WaitForNextTickAsync(over))
            {
                var asking = (await Mara.MessagesAsync(over)).LastOrDefault(
                    m => m.Pings.Contains(Mara.Id, StringComparer.Ordinal) && IsOf(m, job) && m.Button("Retry") is not null);
                if (asking is not null && await sandbox.IsBotOnlineAsync())
                {
                    await TryPressAsync(asking, over);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The job has ended.
        }
    }

    private async Task TryPressAsync(DemoMessage asking, CancellationToken over)
    {
        try
        {
            await Mara.PressAsync("Retry", m => m.Id == asking.Id, TimeSpan.FromSeconds(1), over);
        }
        catch (Exception gone) when (gone is TimeoutException or InvalidOperationException)
        {
            // Answered meanwhile: the button is gone.
        }
    }

    private async Task EndAsync(string job) => await Mara.WaitAsync(
        m => !m.IsEphemeral && IsOf(m, job) && m.Title.StartsWith("✅ Succeeded", StringComparison.Ordinal),
        $"the end of {job}", Patience.Job, CancellationToken.None);

    private static bool IsOf(DemoMessage message, string job) => message.Footer.StartsWith(job, StringComparison.Ordinal);
}
