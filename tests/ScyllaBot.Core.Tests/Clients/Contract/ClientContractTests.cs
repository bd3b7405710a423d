using System.Net;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>Every public method of every client, against the simulated cluster and the official descriptions of what it talks to.</summary>
public sealed class ClientContractTests
{
    public static TheoryData<string> Names => [.. ClientCalls.All.Select(c => c.Name)];

    [Fact]
    public void Every_public_method_of_every_client_is_called_here()
    {
        var methods = ClientCall.Methods.Select(ClientCall.NameOf).ToArray();
        Assert.True(methods.Length > 150, $"only {methods.Length} methods were found");
        var called = ClientCalls.All.Select(c => c.Name).ToArray();
        Assert.Empty(methods.Except(called, StringComparer.Ordinal));
        Assert.Empty(called.Except(methods, StringComparer.Ordinal));
        Assert.Equal(called.Distinct(StringComparer.Ordinal), called);
    }

    // WorldPorts hold every call and every answer to the descriptions on the way, where those are at hand.
    [Theory, MemberData(nameof(Names))]
    public void Its_calls_are_understood_and_its_answer_is_true(string name)
    {
        using var bed = new ContractBed();
        var call = ClientCalls.All.Single(c => c.Name == name);
        call.Prepare(bed);
        bed.Http.Calls.Clear();
        var (answer, failure) = bed.Try(() => call.Ask(bed));
        Assert.True(failure is null, $"{failure}");
        Assert.True(call.IsRight(bed, answer), $"{answer}");
    }

    [SharedFact]
    public void Every_operation_that_the_node_client_uses_is_described_and_has_an_age()
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var call in ClientCalls.Scylla)
        {
            using var bed = new ContractBed();
            call.Prepare(bed);
            bed.Http.Calls.Clear();
            bed.Try(() => call.Ask(bed));
            foreach (var made in bed.Http.Calls.Where(c => !c.Uri.AbsolutePath.StartsWith("/v2/", StringComparison.Ordinal)))
            {
                var operation = ScyllaSwagger.Instance!.Find(made.Method, WebUtility.UrlDecode(made.Uri.AbsolutePath));
                Assert.True(operation is { First.Length: > 0, Last: "master" }, $"{call}: {made.Method} {made.Uri}: {operation?.First} to {operation?.Last}");
                used.Add($"{operation}");
            }
        }

        Assert.True(used.Count >= 60, $"only {used.Count} operations: {string.Join(", ", used)}");
    }
}
