using System.Collections.Immutable;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>Every release from 5.2 on: what it has is used, what it lacks is said and never tried again (facts 1.23).</summary>
public sealed class ReleaseTests
{
    [SharedFact]
    public void What_a_release_lacks_is_said_and_the_rest_works_on_every_release()
    {
        var (wrong, worked, said) = (new List<string>(), 0, 0);
        foreach (var version in ScyllaSwagger.Instance!.Versions)
        {
            foreach (var call in ClientCalls.Scylla)
            {
                using var bed = new ContractBed();
                call.Prepare(bed);
                var aged = Age(bed, version);
                var (answer, failure) = bed.Try(() => call.Ask(bed));
                var isSaid = failure is UnrecoverableException && failure.Message.Contains($"is not supported by {ScyllaVersion.Parse(aged.Release)}", StringComparison.Ordinal);
                worked += failure is null ? 1 : 0;
                said += isSaid ? 1 : 0;
                if (aged.Missing.Count == 0 ? failure is not null || !IsTrue(call, bed, answer) : !isSaid)
                {
                    wrong.Add($"{version}: {call}: lacks [{string.Join(", ", aged.Missing)}] but {failure?.Message ?? $"answers {answer}"}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(worked > 600 && said > 40, $"{worked} worked, {said} were said to be missing");
    }

    [SharedFact]
    public void One_node_alone_is_not_cleaned_by_releases_that_would_clean_them_all()
    {
        foreach (var (version, isKnown) in new[] { ("6.0", false), ("6.2", false), ("2025.1", true), ("master", true) })
        {
            using var bed = new ContractBed();
            Age(bed, version);
            var (_, failure) = bed.Try(async () =>
            {
                await bed.Api.CleanupAllAsync(false, TimeSpan.FromHours(1), ContractBed.Ct);
                return null;
            });
            Assert.Equal((version, isKnown), (version, failure is null));
            Assert.True(isKnown || failure is UnrecoverableException { Message: var said } && said.Contains("2025.1", StringComparison.Ordinal), failure?.Message);
        }
    }

    [SharedFact]
    public void Work_without_a_task_manager_is_done_by_the_blocking_forms()
    {
        (ITask<NodeContext> Task, string Form, string Blocking)[] works =
        [
            (new Compact { Keyspace = ContractBed.Vnodes }, "keyspace_compaction", "/storage_service/keyspace_compaction/discord"),
            (new Cleanup(), "keyspace_cleanup", "/storage_service/keyspace_cleanup/discord"),
            (new UpgradeSstables { Keyspaces = [ContractBed.Vnodes] }, "keyspace_upgrade_sstables", "/storage_service/keyspace_upgrade_sstables/discord"),
        ];
        foreach (var version in ScyllaSwagger.Instance!.Versions)
        {
            foreach (var (task, form, blocking) in works)
            {
                var paths = Run(version, bed => task.ExecuteAsync(bed.Node, ContractBed.Ct)).Where(p => p.Contains(form, StringComparison.Ordinal)).ToArray();
                Assert.NotEmpty(paths);
                Assert.Equal((version, form, version is "5.2" or "5.4"), (version, form, paths.Contains(blocking, StringComparer.Ordinal)));
                Assert.Equal((version, form, version is not ("5.2" or "5.4")), (version, form, paths.Any(p => p.StartsWith("/tasks/", StringComparison.Ordinal))));
            }
        }
    }

    [SharedFact]
    public void A_cluster_that_can_not_clean_itself_is_cleaned_node_by_node()
    {
        foreach (var version in ScyllaSwagger.Instance!.Versions)
        {
            var old = version is "5.2" or "5.4";
            var paths = Run(version, bed => new CleanupCluster().ExecuteAsync(bed.Node, ContractBed.Ct), bed =>
            {
                foreach (var node in bed.Sim.Nodes)
                {
                    node.Cleanup = CleanupStatus.Needed;
                }
            });
            Assert.Equal((version, old ? 4 : 0), (version, paths.Count(p => p == "/storage_service/keyspace_cleanup/discord")));
            Assert.Equal((version, !old), (version, paths.Any(p => p.StartsWith("/storage_service/cleanup_all", StringComparison.Ordinal))));
        }
    }

    private static ImmutableArray<string> Run(string version, Func<ContractBed, Task> work, Action<ContractBed>? prepare = null)
    {
        using var bed = new ContractBed();
        bed.InWorld(() => prepare?.Invoke(bed));
        var aged = Age(bed, version);
        var (_, failure) = bed.Try(async () =>
        {
            await work(bed);
            return null;
        });
        Assert.True(failure is null, $"{version}: {failure}");
        Assert.Empty(aged.Missing);
        return [.. bed.Http.Calls.Select(c => c.Uri.AbsolutePath)];
    }

    private static AgedExchange Age(ContractBed bed, string version)
    {
        var aged = new AgedExchange(ScyllaSwagger.Instance!, version);
        bed.Http.Calls.Clear();
        bed.Http.Instead = (call, _) => call.Uri.Host.StartsWith("services.", StringComparison.Ordinal) || call.Uri.AbsolutePath == "/metrics" ? null : aged.Answer(call);
        return aged;
    }

    private static bool IsTrue(ClientCall call, ContractBed bed, object? answer)
    {
        bed.Http.Instead = (_, _) => null;
        return call.IsRight(bed, answer);
    }
}
