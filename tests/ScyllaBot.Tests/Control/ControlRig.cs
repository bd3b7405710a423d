using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Discord;
using ScyllaBot.Doctor;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Control;

/// <summary>The endpoint as the host wires it, on a real socket, over a noted engine.</summary>
internal sealed class ControlRig : IAsyncDisposable
{
    public static readonly string Self = PeerCredentials.Self();

    private readonly ServiceProvider _services;

    private ControlRig(string folder, ServiceProvider services, NotedControl control, ControlListen listen)
    {
        (Folder, _services, Control, Listen) = (folder, services, control, listen);
        Http = Client(_ => Connect(listen.Socket!));
    }

    public string Folder { get; }

    public NotedControl Control { get; }

    public ControlListen Listen { get; }

    /// <summary>Over the socket.</summary>
    public HttpClient Http { get; }

    public ControlEndpoint Endpoint => _services.GetRequiredService<ControlEndpoint>();

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <param name="settings">Below <c>ScyllaBot:Control</c>.</param>
    public static Task<ControlRig> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, null, settings);

    public static async Task<ControlRig> StartAsync(IJobStore? store, Action<IServiceCollection>? more, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("sb-ctl-").FullName;
        var listen = ControlListen.Of(Settings(settings), folder)!;
        var control = NotedControl.New();
        var binder = new WorkflowBinder(WorkflowLibrary.Of([("rolling_restart.yaml", File.ReadAllText(Path.Combine(SourceTree.Root, "workflows", "rolling_restart.yaml")))], TaskCatalog.Core), TaskCatalog.Core);
        control.Choices = new JobChoices(binder, TaskCatalog.Core);
        var memory = new InMemoryJobStore();
        await memory.AppendAsync(StreamId.Of(NotedControl.KnownJob), 0, 0, [Journals.Life[0]], [], default);
        var services = new ServiceCollection().AddLogging().AddSingleton(control.Face).AddSingleton(store ?? memory).AddSingleton(TimeProvider.System)
            .AddSingleton(binder).AddSingleton(new DiscordHealth(TimeProvider.System)).AddSingleton(Options())
            .AddSingleton(new RunningDoctor((_, _) => Task.FromResult(new DoctorReport([DoctorFinding.Ok("settings", "all well")])), text => text, TimeProvider.System)).AddControl(listen, folder, new BotFacts(IsSandbox: true, TimeProvider.System.GetUtcNow()));
        more?.Invoke(services);
        var rig = new ControlRig(folder, services.BuildServiceProvider(), control, listen);
        await rig.Endpoint.StartAsync(default);
        return rig;
    }

    public static ControlSettings Settings(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build().Get<ControlSettings>() ?? new ControlSettings();

    public static HttpClient Client(Func<CancellationToken, Socket> connect, Uri? address = null) => new(new SocketsHttpHandler
    {
        ConnectCallback = (_, ct) => ValueTask.FromResult<Stream>(new NetworkStream(connect(ct), ownsSocket: true)),
    }) { BaseAddress = address ?? new Uri("http://bot") };

    public static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    public Task<(int Status, JsonElement Json)> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    public Task<(int Status, JsonElement Json)> PostAsync(string url, object? body = null, Guid? id = null) => SendAsync(Post(url, body, id));

    public static HttpRequestMessage Post(string url, object? body = null, Guid? id = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Add(ControlRoutes.RequestId, (id ?? Guid.NewGuid()).ToString());
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body is string text ? Encoding.UTF8.GetBytes(text) : JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), ControlJson.Answers));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    public Task<(int Status, JsonElement Json)> SendAsync(HttpRequestMessage request) => SendAsync(Http, request);

    public static async Task<(int Status, JsonElement Json)> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        using (request)
        {
            using var answer = await http.SendAsync(request);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(answer.IsSuccessStatusCode ? "application/json" : Problem.MediaType, answer.Content.Headers.ContentType?.MediaType);
            return ((int)answer.StatusCode, json.RootElement.Clone());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Endpoint.StopAsync(default);
        await _services.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static DiscordOptions Options() => new() { Channels = { ["ops"] = "500", ["dba"] = "501" } };
}
