using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>Errors are classified once, at the border (decision 7): whatever comes back, a client throws one of two exceptions or takes it for an answer.</summary>
public sealed class ClientFailureTests
{
    private static readonly string[] Clients = ["ScyllaApi", "ScyllaManager", "Prometheus", "PrometheusTraffic", "Alertmanager", "Salt", "OutsideHttp", "Mirror"];

    /// <summary>Changes that are not the same when they are made twice: nobody may be told to try again after a lost answer.</summary>
    private static readonly string[] Changes =
    [
        "ScyllaApi.DrainAsync", "ScyllaApi.StartCompactionAsync", "ScyllaApi.StartCleanupAsync", "ScyllaApi.StartUpgradeSstablesAsync", "ScyllaApi.CompactAsync",
        "ScyllaApi.CleanupAsync", "ScyllaApi.UpgradeSstablesAsync", "ScyllaApi.CleanupAllAsync", "ScyllaApi.StartTabletRepairAsync", "ScyllaApi.StartRepairAsync",
        "ScyllaApi.TakeSnapshotAsync", "ScyllaApi.ExcludeNodesAsync", "ScyllaApi.DecommissionAsync", "ScyllaApi.RemoveNodeAsync", "ScyllaApi.RebuildAsync",
        "ScyllaManager.StartAsync", "ScyllaManager.CreateRepairAsync", "ScyllaManager.CreateMarkAsync", "Salt.StartAsync",
    ];

    public static TheoryData<string> Names => [.. Called.Select(c => c.Name)];

    public static TheoryData<string> ChangeNames => [.. Changes];

    private static IEnumerable<ClientCall> Called => ClientCalls.All.Where(c => Clients.Contains(c.Name.Split('.')[0], StringComparer.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void Whatever_comes_back_is_one_of_two_exceptions_or_an_answer(string name)
    {
        using var bed = new ContractBed();
        var call = Begin(bed, name);
        var calls = CountOf(bed, call);
        var wrong = new List<string>();

        // It asks by the client above; the simulated one takes its time for rates.
        var mishaps = name.StartsWith("PrometheusTraffic", StringComparison.Ordinal) ? Mishap.All.Take(7).ToArray() : Mishap.All;
        for (var at = 0; at < calls; at++)
        {
            foreach (var mishap in mishaps)
            {
                var (hit, failure) = Hit(bed, call, at, mishap);
                if (hit is not null && WhyWrong(hit, mishap, failure, name) is { } why)
                {
                    wrong.Add($"{hit.Method} {hit.Uri.PathAndQuery} answers {mishap}: {why}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory, MemberData(nameof(ChangeNames))]
    public void A_change_without_an_answer_is_not_worth_another_go_by_itself(string name)
    {
        foreach (var mishap in Mishap.Lost)
        {
            using var bed = new ContractBed();
            var call = Begin(bed, name);
            bed.Http.Calls.Clear();
            bed.Http.Instead = (made, _) => IsChange(made) ? mishap.Answer() : null;
            var (answer, failure) = bed.Try(() => call.Ask(bed));
            Assert.True(failure is UnrecoverableException { InnerException: ExchangeException } || answer is LongAnswer.Lost, $"{mishap}: {failure?.ToString() ?? $"{answer}"}");
        }
    }

    private static bool IsChange(HttpCall call) => call.Uri.AbsolutePath.Contains("upgrade_sstables", StringComparison.Ordinal)
        || (call.Method != "GET" && !call.Uri.AbsolutePath.EndsWith("/login", StringComparison.Ordinal));

    private static ClientCall Begin(ContractBed bed, string name)
    {
        var call = ClientCalls.All.Single(c => c.Name == name);
        call.Prepare(bed);
        return call;
    }

    private static int CountOf(ContractBed bed, ClientCall call)
    {
        using var other = new ContractBed();
        call.Prepare(other);
        other.Http.Calls.Clear();
        other.Try(() => call.Ask(other));
        Assert.NotEmpty(other.Http.Calls);
        bed.Http.Calls.Clear();
        return other.Http.Calls.Count;
    }

    private static (HttpCall? Hit, Exception? Failure) Hit(ContractBed bed, ClientCall call, int at, Mishap mishap)
    {
        HttpCall? hit = null;
        bed.Http.Calls.Clear();
        bed.Http.Instead = (made, number) =>
        {
            if (number != at)
            {
                return null;
            }

            hit = made;
            return mishap.Answer();
        };
        var failure = bed.Try(() => call.Ask(bed)).Failure;
        return (hit, failure);
    }

    private static string? WhyWrong(HttpCall hit, Mishap mishap, Exception? failure, string name)
    {
        if (failure is not (null or RecoverableException or UnrecoverableException))
        {
            return $"{failure.GetType().Name}: {failure.Message} {failure.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("ScyllaBot", StringComparison.Ordinal))}";
        }

        var reads = !IsChange(hit);
        var mayPass = mishap == Mishap.Refused || (reads && Mishap.Lost.Contains(mishap));
        var mayPassAtNodes = name.StartsWith("ScyllaApi.", StringComparison.Ordinal) && reads && (mishap == Mishap.NotFound || mishap == Mishap.Failed);
        return (mayPass || mayPassAtNodes) && failure is UnrecoverableException ? $"may pass, but: {failure.Message}"
            : mishap == Mishap.Truncated && failure is RecoverableException ? $"will be the same again, but: {failure.Message}"
            : null;
    }
}
