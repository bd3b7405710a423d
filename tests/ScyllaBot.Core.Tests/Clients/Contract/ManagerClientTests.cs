using System.Text;
using System.Web;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Tests.ScyllaManager;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>What the client of Scylla Manager sends, and what it is answered, against the Manager's own description.</summary>
public sealed class ManagerClientTests
{
    private const string Root = "/manager/api/v1";

    [SharedFact]
    public void Every_request_and_every_answer_is_as_described()
    {
        var (swagger, used) = (ManagerSwagger.Read(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var call in ClientCalls.Services.Where(c => c.Name.StartsWith("ScyllaManager.", StringComparison.Ordinal)))
        {
            using var bed = new ContractBed();
            Assert.Null(bed.Try(() => call.Ask(bed)).Failure);
            foreach (var (made, answer) in bed.Http.Answered)
            {
                var query = HttpUtility.ParseQueryString(made.Uri.Query);
                var names = query.AllKeys.OfType<string>().ToArray();
                var told = new ServiceAnswer(answer.Status, Encoding.UTF8.GetString(answer.Body.Span)) { Headers = answer.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase) };
                used.Add($"{made.Method} {swagger.Check(
                    made.Method, made.Uri.AbsolutePath[Root.Length..], names, told, [.. names.Select(n => query[n]!)], Encoding.UTF8.GetString(made.Body.Span))}");
            }
        }

        Assert.Empty(swagger.Complaints);
        Assert.Equal(13, used.Count);
    }
}
