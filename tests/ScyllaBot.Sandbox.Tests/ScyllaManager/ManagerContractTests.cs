using System.Text.Json;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Sandbox.Tests.ScyllaManager;

/// <summary>Every answer of the simulated Manager against Scylla Manager's own description of its API.</summary>
public sealed class ManagerContractTests
{
    [SharedDataFact]
    public async Task What_it_answers_is_what_the_Swagger_describes()
    {
        using var bed = new TestBed();
        var manager = bed.Search.Services.OfType<SimScyllaManager>().Single();
        var swagger = ManagerSwagger.Read();
        var seen = new SortedSet<string>(StringComparer.Ordinal);

        async Task<JsonElement?> AskAsync(string verb, string path, string query = "", string body = "")
        {
            var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
            var answer = await bed.World.Agenda.Run(() => manager.AnswerAsync(
                new ServiceCall(verb, "/api/v1" + path, [.. pairs], new Dictionary<string, string>(StringComparer.Ordinal), body)));
            seen.Add($"{verb} {swagger.Check(verb, path, [.. pairs.Select(pair => pair.Key)], answer)}");
            return answer.Body.Length == 0 ? null : JsonDocument.Parse(answer.Body).RootElement;
        }

        await AskAsync("GET", "/version");
        var id = (await AskAsync("GET", "/clusters"))!.Value[0].GetProperty("id").GetString();
        await AskAsync("GET", $"/cluster/{id}");
        await AskAsync("GET", $"/cluster/{Guid.Empty}");
        await AskAsync("GET", $"/cluster/{id}/status");
        var weekly = (await AskAsync("GET", $"/cluster/{id}/tasks", "all=true&type=repair"))!.Value[0].GetProperty("id").GetString();
        var task = $"/cluster/{id}/task/repair/{weekly}";
        await AskAsync("GET", task);
        await AskAsync("GET", task + "/latest");
        await AskAsync("PUT", task + "/start", "continue=true");
        await AskAsync("PUT", $"/cluster/{id}/suspended", "start_tasks=false&suspend_policy=fail_if_running_tasks", "true");
        bed.Time.Advance(30);
        await AskAsync("GET", task + "/latest");
        bed.Until(() => manager.Tasks.All.Single(t => t.Id.ToString() == weekly).Status == "DONE", atMost: 3600);
        await AskAsync("GET", task + "/latest");
        await AskAsync("GET", task + "/history", "limit=5");
        await AskAsync("POST", $"/cluster/{id}/tasks", "", """{"type":"nothing"}""");
        await AskAsync("POST", $"/cluster/{id}/tasks", "", """{"type":"tablet_repair","name":"t","enabled":true,"properties":{"keyspace":["search"]}}""");
        var tablet = manager.Tasks.All.Single(t => t.Name == "t");
        bed.Time.Advance(15);
        await AskAsync("GET", $"/cluster/{id}/task/tablet_repair/{tablet.Id}/latest");
        await AskAsync("PUT", $"/cluster/{id}/task/tablet_repair/{tablet.Id}/stop", "disable=true");
        bed.Until(() => !tablet.IsActive, atMost: 3600);
        await AskAsync("DELETE", $"/cluster/{id}/task/tablet_repair/{tablet.Id}");
        await AskAsync("PUT", $"/cluster/{id}/suspended", "start_tasks=false&suspend_policy=fail_if_running_tasks", "true");
        await AskAsync("GET", $"/cluster/{id}/suspended");
        await AskAsync("GET", $"/cluster/{id}/suspended/details");
        await AskAsync("PUT", $"/cluster/{id}/suspended", "start_tasks=true", "false");
        Assert.Empty(swagger.Complaints);
        Assert.Equal(16, seen.Count);
    }

    [Fact]
    public void A_suspended_Manager_starts_nothing_and_a_stopped_repair_goes_on_after_the_resume()
    {
        using var bed = new TestBed();
        var tasks = bed.Messages.Services.OfType<SimScyllaManager>().Single().Tasks;
        var weekly = tasks.All.Single(task => task.Name == "all-weekly");
        bed.World.Agenda.Run(() => tasks.Start(weekly));
        Assert.Single(bed.Read<long[]>(bed.Messages.Nodes[0], "/storage_service/active_repair"));
        Assert.NotNull(bed.World.Agenda.Run(() => tasks.Suspend(null, failIfRunning: true)));
        Assert.Null(bed.World.Agenda.Run(() => tasks.Suspend(null, failIfRunning: false)));
        bed.Until(() => weekly.Status == "STOPPED");
        bed.World.Agenda.Run(() => tasks.Resume(startTasks: true, startMissed: false));
        bed.Until(() => weekly.Status == "DONE", atMost: 3600);
        Assert.Equal(["STOPPED", "DONE"], weekly.Runs.Select(run => run.Status));
    }
}
