using ScyllaBot.Core.Control;
using ScyllaBot.Sqlite;

namespace ScyllaBot.Tests.Doctor;

/// <summary>The doctor against surroundings that are broken on purpose (issue 5, shown by 3).</summary>
[Collection("doctor")]
public sealed class PlantedFaultTests
{
    public static TheoryData<string> Names => [.. Faults.All.Select(f => f.Name)];

    [Fact]
    public async Task Of_sane_surroundings_it_has_nothing_to_say()
    {
        await using var patient = await Patient.SaneAsync();

        var report = await patient.LookAsync();

        Assert.True(report.Findings.All(f => f.Level == DoctorLevel.Ok), DoctorText.Of(report));
        Assert.Equal(0, report.ExitCode);
        string[] looked = ["settings", "state", "halt-file", "workflows", "pager-heartbeat", "inventory", "discord-token", "discord-guild", "discord-commands", "discord-channels",
            "discord-roles", "discord-on-call", "ring", "prometheus", "alertmanager", "manager", "reach", "rest", "metrics", "cql", "clock"];
        Assert.Empty(looked.Except(report.Findings.Select(f => f.Check), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_a_bot_that_runs_in_its_sandbox_it_has_nothing_to_say()
    {
        await using var patient = await Patient.SaneAsync();
        patient.Inventory = patient.Everything;
        patient.Change = c => c with { IsRunning = true, IsSandbox = true };

        var report = await patient.LookAsync();

        Assert.True(report.Findings.All(f => f.Level == DoctorLevel.Ok), DoctorText.Of(report));
        Assert.Superset(
            new HashSet<string>(["provisioner", "data-service", "ring", "state"], StringComparer.Ordinal), report.Findings.Select(f => f.Check).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Only_the_cluster_that_was_asked_for_is_looked_at()
    {
        await using var patient = await Patient.SaneAsync();
        patient.Inventory = patient.Everything;

        var report = await patient.LookAsync("guilds-stg");

        Assert.Equal(["guilds-stg"], report.Findings.Select(f => f.Cluster).OfType<string>().Distinct(StringComparer.Ordinal));
        Assert.Contains(report.Findings, f => f.Check == "settings");
    }

    [Theory, MemberData(nameof(Names))]
    public async Task A_planted_fault_is_named_with_its_remedy(string name)
    {
        var fault = Faults.All.Single(f => f.Name == name);
        await using var patient = await Patient.SaneAsync();
        await fault.Plant(patient);

        var report = await patient.LookAsync();

        Assert.True(fault.IsNamedIn(report), DoctorText.Of(report));
        Assert.Equal(fault.Level == DoctorLevel.Broken ? 1 : 0, report.ExitCode);

        // And nothing else is blamed.
        var others = report.Findings.Where(f => f.Level is DoctorLevel.Broken or DoctorLevel.Warning && f.Check != fault.Check && !fault.Also.Contains(f.Check, StringComparer.Ordinal));
        Assert.True(!others.Any(), DoctorText.Of(report));
    }

    [Fact]
    public async Task All_that_do_not_hide_each_other_are_named_at_once()
    {
        var together = Faults.All.Where(f => !f.Hides).ToList();
        await using var patient = await Patient.SaneAsync();
        foreach (var fault in together)
        {
            await fault.Plant(patient);
        }

        var report = await patient.LookAsync();

        Assert.True(together.Count >= 15);
        Assert.True(together.TrueForAll(f => f.IsNamedIn(report)), $"not named: {string.Join(", ", together.Where(f => !f.IsNamedIn(report)))}\n{DoctorText.Of(report)}");
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public async Task A_database_that_a_bot_has_open_is_told_and_stays_as_it_is()
    {
        await using var patient = await Patient.SaneAsync();
        await using (await SqliteJobStore.OpenAsync(Path.Combine(patient.State, "scyllabot.db")))
        {
            var report = await patient.LookAsync();

            var state = Assert.Single(report.Findings, f => f.Check == "state");
            Assert.Equal(DoctorLevel.Warning, state.Level);
            Assert.Contains("is locked: a ScyllaBot runs on it", state.Seen, StringComparison.Ordinal);
        }

        Assert.Equal(DoctorLevel.Ok, Assert.Single((await patient.LookAsync()).Findings, f => f.Check == "state").Level);
    }

    [Fact]
    public async Task It_changes_no_file()
    {
        await using var patient = await Patient.SaneAsync();
        await using (await SqliteJobStore.OpenAsync(Path.Combine(patient.State, "scyllabot.db")))
        {
            // A store as a bot leaves it.
        }

        await patient.LookAsync();
        var before = Files(patient.Folder);
        await patient.LookAsync();

        Assert.Equal(before, Files(patient.Folder));
        Assert.DoesNotContain(before, f => f.Contains("-wal", StringComparison.Ordinal));
    }

    private static List<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("inventory.yaml", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(f => $"{f} {new FileInfo(f).Length} {File.GetLastWriteTimeUtc(f):O}")];
}
