using Microsoft.Extensions.Logging;
using ScyllaBot.Discord.Cards;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Gateway;

namespace ScyllaBot.Discord.Tests.Support;

/// <summary>Interactions fed by hand, on a clock that stands still.</summary>
internal sealed class InteractionRig : ILogger<Interactions>
{
    private readonly Interactions _interactions;
    private readonly TestLoop _loop;
    private int _next;

    public InteractionRig(TestLoop loop)
    {
        _loop = loop;
        Rest = new FakeRest(Time);
        var options = new DiscordOptions
        {
            GuildId = "1",
            Channels = { ["ops"] = "10" },
            Roles = { ["Read"] = ["100"], ["Operate"] = ["200"], ["Approve"] = ["300"] },
        };
        var roles = new RoleBook(options);
        var api = Rest.Api();
        var drafts = new Drafts(Time);
        var command = new ScpCommand(Control, new NoticeCard(roles), drafts, options, Time);
        _interactions = new Interactions(
            api, new GateKeeper(options, roles), command, new PressedButton(Control, command, drafts), new Completion(Control), Control,
            new DiscordHealth(Time), Time, new HalfRandom(), this);
    }

    public ManualTime Time { get; } = new();

    public FakeRest Rest { get; }

    public FakeControl Control { get; } = new();

    public List<string> Log { get; } = [];

    /// <summary>Bodies of what was answered, in order, without the deferrals.</summary>
    public List<JsonObject> Answers => [.. Enumerable.Range(0, Rest.Calls.Count).Select(Rest.Body).Where(b => b.ContainsKey("content"))];

    public List<JsonObject> Callbacks => [.. Enumerable.Range(0, Rest.Calls.Count).Select(Rest.Body).Where(b => b.ContainsKey("type"))];

    public Task CommandAsync(string sub, JsonObject options, string role = "200", string guild = "1", string channel = "10", string user =
        "42") =>
        SendAsync(2, new JsonObject
        {
            ["name"] = "scp",
            ["options"] = new JsonArray(new JsonObject
            {
                ["type"] = 1, ["name"] = sub,
                ["options"] = new JsonArray([.. options.Select(o =>
                    new JsonObject { ["name"] = o.Key, ["value"] = o.Value?.DeepClone() })]),
            }),
        }, role, guild, channel, user);

    public Task PressAsync(string id, string role = "200", TimeSpan late = default, string user = "42") =>
        SendAsync(3, new JsonObject { ["custom_id"] = id, ["component_type"] = 2 }, role, "1", "10", user, late);

    /// <summary>A form, filled in.</summary>
    public Task SubmitAsync(string id, string text, string role = "200") => SendAsync(5, new JsonObject
    {
        ["custom_id"] = id,
        ["components"] = new JsonArray(new JsonObject
        {
            ["type"] = 1, ["components"] = new JsonArray(new JsonObject { ["type"] = 4, ["custom_id"] = PressedButton.TextInput, ["value"] = text }),
        }),
    }, role, "1", "10", "42");

    public async Task SendAsync(
        int type, JsonObject data, string role, string guild, string channel, string user, TimeSpan late = default, string? id = null)
    {
        var json = new JsonObject
        {
            ["id"] = id ?? $"{1000 + _next++}", ["application_id"] = "7", ["token"] = "itoken", ["type"] = type, ["guild_id"] = guild,
                ["channel_id"] = channel,
            ["member"] = new JsonObject { ["roles"] = new JsonArray(role), ["user"] =
                new JsonObject { ["id"] = user, ["username"] = "mara" } },
            ["data"] = data,
        };
        var receivedAt = Time.GetTimestamp();
        Time.Advance(late);
        _interactions.Receive(new GatewayDispatch("INTERACTION_CREATE", System.Text.Json.JsonSerializer.SerializeToElement(json),
            receivedAt));
        await _loop.SettleAsync();
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter) =>
        Log.Add($"{formatter(state, exception)} {exception}");
}
