using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>A long remote command is carried out once, whatever happens to the bot, the wire or the host meanwhile (R12).</summary>
[Collection("real parts")]
public sealed class LongCommandTests(HostBed bed)
{
    [BedFact]
    public async Task R12_the_bot_is_killed_during_the_command_attaches_to_it_after_its_restart_and_finishes()
    {
        await using var bot = await RealBot.StartAsync(bed, BedWorkflows.EnablesRunCommand, BedWorkflows.Slow);
        var host = bed["b", 2];
        await BedWorkflows.InstallProgramsAsync(host);

        var job = await bot.RunAsync("slow_command", host.Name);
        await BeganAsync(bot, job, host);
        await bot.KillAsync();
        await bot.StartAgainAsync();
        await bot.SucceedsAsync(job);

        Assert.Equal("began ended", BedWorkflows.SlowCount(host));
    }

    [BedFact]
    public async Task R12_the_cable_is_pulled_during_the_command_and_its_end_is_taken_when_it_is_back()
    {
        await using var bot = await RealBot.StartAsync(bed, BedWorkflows.EnablesRunCommand, BedWorkflows.Slow);
        var host = bed["c", 2];
        await BedWorkflows.InstallProgramsAsync(host);

        var job = await bot.RunAsync("slow_command", host.Name);
        await BeganAsync(bot, job, host);
        await host.DoAsync("unplug");
        await Eventually.TrueAsync(() => Task.FromResult(BedWorkflows.SlowCount(host) is "began ended"), "the end of the command", Patience.Job);
        await host.DoAsync("plug");
        await bot.SucceedsAsync(job);

        Assert.Equal("began ended", BedWorkflows.SlowCount(host));
        await bed.HealthyAsync();
    }

    [BedFact]
    public async Task R13_of_two_bots_with_a_database_each_the_second_keeps_its_hands_off_until_a_human_speaks_and_then_hosts_refuse_the_first()
    {
        var host = bed["d", 2];
        await BedWorkflows.InstallProgramsAsync(host);
        await using var older = await RealBot.StartAsync(bed, BedWorkflows.EnablesRunCommand, BedWorkflows.TwoCommands);
        await using var newer = await RealBot.StartAsync(bed, BedWorkflows.EnablesRunCommand, BedWorkflows.Mark);

        // Each has a database of its own, so neither sees the other's lease.
        var fenced = await older.RunAsync("two_commands", host.Name);
        await BeganAsync(older, fenced, host);
        var plan = await newer.Mara.AskAsync("run", ("workflow", "mark"), ("cluster", HostBed.Cluster), ("nodes", host.Name));
        var refused = (await newer.Mara.PressedAsync(plan, "Start")).Plain;
        Assert.Contains($"lease epoch 1 on {host.Name} (this database: 0)", refused, StringComparison.Ordinal);
        Assert.Contains($"on {host.Name} runs ", refused, StringComparison.Ordinal);
        Assert.Contains($"of job {fenced}", refused, StringComparison.Ordinal);

        Assert.Contains("from lease epoch 101 on", (await newer.Jon.AskAsync("unlock", ("cluster", HostBed.Cluster), ("reason", "the first host is gone"))).Plain, StringComparison.Ordinal);
        await newer.SucceedsAsync(await newer.RunAsync("mark", host.Name));
        var halt = await older.EndAsync(fenced, m => m.Title.Contains("Halted", StringComparison.Ordinal));

        Assert.Contains("epoch", halt.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("began ended", BedWorkflows.SlowCount(host));
        Assert.Equal(1, BedWorkflows.Marks(host));
    }

    private static Task BeganAsync(RealBot bot, string job, BedHost host) =>
        bot.UntilAsync(job, () => BedWorkflows.SlowCount(host) is "began", "the beginning of the command");
}
