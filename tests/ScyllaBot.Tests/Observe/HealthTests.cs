using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Observe;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Observe;

/// <summary>Real HTTP on a real address.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task It_is_alive_while_process_engine_and_store_are_whatever_becomes_of_chat()
    {
        await using var rig = await ObserveRig.StartAsync();
        var (status, json) = await rig.GetAsync(ObserveRoutes.Health);
        Assert.Equal((HttpStatusCode.OK, "alive"), (status, json.GetProperty("status").GetString()));
        Assert.Equal(["engine", "store"], json.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
        Assert.Equal(("ok", "open and writable"), ObserveRig.Part(json, "store"));
    }

    [Fact]
    public async Task Ready_names_every_part_and_is_not_ready_until_the_gateways_session_stands()
    {
        await using var rig = await ObserveRig.StartAsync();
        var (status, json) = await rig.GetAsync(ObserveRoutes.Ready);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not_ready"), (status, json.GetProperty("status").GetString()));
        Assert.Equal("failed", ObserveRig.Part(json, "gateway").State);
        Assert.Equal(("ok", "2 clusters"), ObserveRig.Part(json, "inventory"));

        await using var connected = await ObserveRig.StartAsync();
        connected.Discord.Connected();
        (status, json) = await connected.GetAsync(ObserveRoutes.Ready);
        Assert.Equal((HttpStatusCode.OK, "ready"), (status, json.GetProperty("status").GetString()));
        Assert.Equal(("ok", "the session stands"), ObserveRig.Part(json, "gateway"));
        Assert.All(json.GetProperty("parts").EnumerateArray(), p => Assert.Equal("ok", p.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_store_that_can_not_be_written_to_is_no_life()
    {
        await using var rig = await ObserveRig.StartAsync(around: store => new FullDisk(store));
        var (status, json) = await rig.GetAsync(ObserveRoutes.Health);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "failing"), (status, json.GetProperty("status").GetString()));
        Assert.Equal(("failed", "can not be written to: IOException"), ObserveRig.Part(json, "store"));
        Assert.Equal(0, ObserveRig.Value(await rig.Http.GetStringAsync(ObserveRoutes.Metrics), "scyllabot_store_up"));
    }

    [Fact]
    public async Task An_engine_that_has_not_taken_jobs_up_is_no_life_yet()
    {
        await using var rig = await ObserveRig.StartAsync(resume: false);
        var (status, json) = await rig.GetAsync(ObserveRoutes.Health);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(("failed", "open jobs are still being taken up"), ObserveRig.Part(json, "engine"));
    }

    [Fact]
    public async Task A_part_that_does_not_answer_fails_after_its_patience()
    {
        var time = new ManualTime();
        var never = new TaskCompletionSource<Vital>(TaskCreationOptions.RunContinuationsAsynchronously);
        var vitals = new Vitals([new Answering("slow", never.Task)], time);
        var look = vitals.LookAsync(lifeOnly: true);
        Assert.False(look.IsCompleted);
        time.Advance(Vitals.Patience);
        Assert.Equal((PartState.Failed, "did not answer within 5 s"), (Assert.Single(await look).State, (await look)[0].Says));
    }

    [Fact]
    public async Task However_often_it_is_asked_the_store_is_written_to_once_in_a_while()
    {
        var (time, count) = (new ManualTime(), 0);
        var vitals = new Vitals([new Answering("part", () => Task.FromResult(new Vital("part", PartState.Ok, $"{++count}")))], time);
        for (var i = 0; i < 50; i++)
        {
            await vitals.LookAsync(lifeOnly: true);
        }

        Assert.Equal(1, count);
        time.Advance(Vitals.Fresh + TimeSpan.FromSeconds(1));
        Assert.Equal("2", Assert.Single(await vitals.LookAsync(lifeOnly: true)).Says);
    }

    [Fact]
    public async Task Its_address_serves_these_pages_and_nothing_else()
    {
        await using var rig = await ObserveRig.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Http.GetAsync(new Uri("/v1/jobs", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await rig.Http.PostAsync(new Uri(ObserveRoutes.Health, UriKind.Relative), null)).StatusCode);
        Assert.DoesNotContain(rig.Services.GetServices<IVital>(), v => v.GetType().Name.Contains("Control", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:9410", "127.0.0.1:9410")]
    [InlineData("9410", "127.0.0.1:9410")]
    [InlineData("0.0.0.0:9410", "0.0.0.0:9410")]
    [InlineData("[::]:9410", "[::]:9410")]
    [InlineData("10.0.0.1", null)]
    [InlineData("localhost:9410", null)]
    public void A_port_alone_means_this_machine_and_any_other_address_is_said_out_loud(string text, string? address) =>
        Assert.Equal(address, new ObserveSettings { Listen = text }.Address?.ToString());

    private sealed class Answering(string name, Func<Task<Vital>> answer) : IVital
    {
        public Answering(string name, Task<Vital> answer)
            : this(name, () => answer)
        {
        }

        public bool IsLife => true;

        public Task<Vital> LookAsync(CancellationToken ct) => name.Length > 0 ? answer() : throw new InvalidOperationException();
    }

    private sealed class FullDisk(IJobStore store) : NotedStore(store)
    {
        public override Task WriteNoteAsync(string key, string? value, CancellationToken ct) => throw new IOException("No space left on device");
    }
}
