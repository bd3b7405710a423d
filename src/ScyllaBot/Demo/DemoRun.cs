using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Demo;

/// <summary>Plays a rolling restart with approval, a fault, a halt, a retry and the finish; the oracle has the last word.</summary>
internal static class DemoRun
{
    private const string ClusterName = "messages-stg";
    private const string Faulty = "scylla-messages-stg-us-east1-c-2";
    private const int StuckExit = 4;

    /// <summary>As of a program that does not catch the signal.</summary>
    private const int StoppedExit = 130;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    public static async Task<int> RunAsync(HostArguments arguments, IConfiguration configuration, Serilog.ILogger logs)
    {
        using var end = new CancellationTokenSource();
        void Stop(object? sender, ConsoleCancelEventArgs press)
        {
            press.Cancel = true;
            end.Cancel();
        }

        var printer = new DemoPrinter();
        Console.CancelKeyPress += Stop;
        try
        {
            return await RunAsync(arguments, configuration, logs, printer, end.Token);
        }
        catch (Exception) when (end.IsCancellationRequested)
        {
            // Ctrl-C ends the sandbox at the same moment, so it may look like anything.
            printer.Say("The demo was stopped: nothing was shown by this.");
            return StoppedExit;
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
        }
    }

    private static async Task<int> RunAsync(HostArguments arguments, IConfiguration configuration, Serilog.ILogger logs, DemoPrinter printer, CancellationToken ct)
    {
        printer.Say("ScyllaBot demo: nine simulated nodes in three zones, an emulated Discord, a scripted operator (mara) and approver (jon)");
        await using var bot = await BotHost.StartAsync(arguments, configuration, logs, arguments.BreakQuorum ? BlindJudgement : Judgement.Sound, printer, ct);
        var scene = await DemoScene.OpenAsync(bot.Http, bot.World.Sandbox!.Page, ct);
        try
        {
            await scene.WaitForCommandsAsync(Soon, ct);
            await PlayAsync(scene, printer, arguments.BreakQuorum, ct);
        }
        catch (TimeoutException stuck)
        {
            return await StuckAsync(stuck, scene, printer, ct);
        }

        var (isHealthy, isLost) = await JudgeAsync(scene, printer, ct);
        return ExitOf(isStuck: false, isHealthy, isLost);
    }

    /// <summary>Not played to its end, so neither passed nor failed: unless a quorum was lost already, which no slowness excuses.</summary>
    private static async Task<int> StuckAsync(TimeoutException stuck, DemoScene scene, DemoPrinter printer, CancellationToken ct)
    {
        printer.Say($"The demo is stuck: {stuck.Message}");
        var (_, isLost) = await JudgeAsync(scene, printer, ct);
        printer.Say(isLost ? "It did not come to its end, and a quorum was lost before." : "Nothing was shown by this: the machine is too slow for this speed: try --speed 15");
        return ExitOf(isStuck: true, isHealthy: false, isLost);
    }

    internal static int ExitOf(bool isStuck, bool isHealthy, bool isLost) => isLost ? 1 : isStuck ? StuckExit : isHealthy ? 0 : 1;

    private static async Task PlayAsync(DemoScene scene, DemoPrinter printer, bool isBroken, CancellationToken ct)
    {
        var mara = scene.User("mara", "ops");
        var jon = scene.User("jon", "ops");
        printer.Say("mara types  /scp run workflow:rolling_restart cluster:messages-stg");
        await mara.CommandAsync("run", Options(("workflow", "rolling_restart"), ("cluster", ClusterName)), ct);
        var plan = await mara.WaitAsync(m => m.IsEphemeral && m.Button("Start") is not null, "the plan", Soon, ct);
        printer.Card(plan, scene.NameOf);
        printer.Say("mara presses Start");
        await mara.PressAsync("Start", m => m.Id == plan.Id, Soon, ct);
        var question = await jon.WaitAsync(m => !m.IsEphemeral && m.Button("Approve") is not null, "the approval card", Soon, ct);
        printer.Card(question, scene.NameOf);
        if (!isBroken)
        {
            printer.Say($"a fault is planted: scylla-server on {Faulty} will refuse to start three times");
            await scene.InjectAsync(ClusterName, Faulty, "start-fails", 3, ct);
        }

        printer.Say("jon presses Approve");
        await jon.PressAsync("Approve", m => m.Id == question.Id, Soon, ct);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var card = WatchCardAsync(scene, printer, jon, end.Token);
        if (!isBroken)
        {
            await AnswerTheHaltAsync(scene, printer, mara, ct);
        }

        var done = await mara.WaitAsync(m => !m.IsEphemeral && IsEnd(m), "the end of the job", Long, ct);
        await end.CancelAsync();
        await card;
        printer.Card(done, scene.NameOf);
    }

    /// <summary>The job's card as the channel shows it, printed whenever another zone is done.</summary>
    private static async Task WatchCardAsync(DemoScene scene, DemoPrinter printer, DemoUser user, CancellationToken ct)
    {
        var printed = 0;
        try
        {
            while (true)
            {
                var card = await user.WaitAsync(m => ZonesDone(m) > printed, "the card", TimeSpan.FromHours(1), ct);
                printed = ZonesDone(card);
                printer.Say($"the job's card in #ops, {printed} of 3 zones done");
                printer.Card(card, scene.NameOf);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The job is over.
        }
    }

    private static int ZonesDone(DemoMessage card) =>
        card.Fields.FirstOrDefault(f => f.Name == "Progress").Value is { } progress && int.TryParse(progress.Split('/')[0], out var nodes) ? nodes / 3 : 0;

    private static async Task AnswerTheHaltAsync(DemoScene scene, DemoPrinter printer, DemoUser mara, CancellationToken ct)
    {
        var ping = await mara.WaitAsync(m => m.Pings.Contains(mara.Id, StringComparer.Ordinal), "the ping of the halt", Long, ct);
        printer.Say("the job halts and pings mara, once");
        printer.Card(ping, scene.NameOf);
        printer.Say("mara mends what was wrong and presses Retry");
        await scene.LiftAsync(ct);
        await mara.PressAsync("Retry", m => m.Id == ping.Id, Soon, ct);
    }

    private static bool IsEnd(DemoMessage message) => message.Fields.Any(f => f.Name == "Took");

    private static async Task<(bool IsHealthy, bool IsLost)> JudgeAsync(DemoScene scene, DemoPrinter printer, CancellationToken ct)
    {
        var verdict = await scene.VerdictAsync(ClusterName, ct);
        var healthy = verdict.GetProperty("healthy").GetBoolean();
        var lost = verdict.GetProperty("quorum_ever_lost").GetBoolean();
        var probes = verdict.GetProperty("probes");
        printer.Say(
            $"The oracle (it shares no code with the engine): healthy at the end: {Word(healthy)}; a range ever lost its quorum: {Word(lost)}; "
            + $"two zones ever down: {Word(verdict.GetProperty("two_zones_ever").GetBoolean())}; most nodes down at once: {verdict.GetProperty("max_down")}; "
            + $"QUORUM probes: {probes.GetProperty("ok")} ok, {probes.GetProperty("failed")} failed");
        foreach (var why in verdict.GetProperty("why").EnumerateArray().Take(5))
        {
            printer.Say($"not healthy: {why}");
        }

        return (healthy, lost);
    }

    /// <summary>The planted fault: everything is safe, any node may start at any time.</summary>
    private static Judgement BlindJudgement => new((_, _) => null, [new AnyTime()]);

    private static string Word(bool value) => value ? "yes" : "no";

    private static Dictionary<string, string> Options(params (string Name, string Value)[] options) =>
        options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);

    private sealed class AnyTime : IRollingConstraint
    {
        public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress) =>
            progress.Done.Contains(candidate.Name) || progress.Working.Contains(candidate.Name) ? "done or at work" : null;
    }
}
