using System.Diagnostics;
using System.Text;

namespace ScyllaBot.EndToEnd.Support;

/// <summary>One of our built programs as a process of its own. It is ended by its id when the test is over, however that ends.</summary>
internal sealed class BuiltProgram : IAsyncDisposable
{
    private const int KeptCharacters = 4_000_000;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<string?> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BuiltProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            _firstLine.TrySetResult(line.Data);
            Keep(_output, line.Data);
        };
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The first line of its output; null when it ended without one.</summary>
    public Task<string?> FirstLine => _firstLine.Task;

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    /// <param name="name">Such as <c>ScyllaBot</c>; its dll lies beside the tests, because this project references it.</param>
    /// <param name="folder">Where it runs: logs and relative paths stay in there.</param>
    /// <param name="arguments">Not quoted.</param>
    public static BuiltProgram Start(string name, string folder, params string[] arguments) =>
        Start(name, folder, [], arguments);

    /// <param name="environment">Besides what it inherits.</param>
    public static BuiltProgram Start(string name, string folder, (string Name, string Value)[] environment, params string[] arguments) =>
        Start([.. CommandOf(name), .. arguments], folder, environment);

    /// <summary>How it is started from a shell.</summary>
    public static string[] CommandOf(string name) => [Dotnet, Path.Combine(AppContext.BaseDirectory, name + ".dll")];

    /// <summary>One of our programs in the network of a bed.</summary>
    /// <param name="network">Such as <c>/run/netns/bed</c>.</param>
    public static BuiltProgram StartWithin(
        string network, string name, string folder, IEnumerable<(string Name, string Value)> environment, params string[] arguments) =>
        Start(["nsenter", $"--net={network}", Dotnet, Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments], folder, environment);

    /// <summary>Any program.</summary>
    public static BuiltProgram Start(string[] command, string folder, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        // What is configured on the developer's machine is not what is tested.
        foreach (var ours in start.Environment.Keys.Where(k => k.StartsWith("ScyllaBot", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(ours);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new BuiltProgram(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} could not be started"));
    }

    /// <summary>SIGKILL: it gets no chance to say or save anything.</summary>
    /// <returns>When the signal was sent, real time.</returns>
    public async Task<DateTimeOffset> KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        var at = TimeProvider.System.GetUtcNow();
        await _process.WaitForExitAsync();
        return at;
    }

    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It runs on.</exception>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var timer = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timer.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"the program runs on after {patience.TotalSeconds:0} s; it said:\n{Output}\n{Errors}", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static string Dotnet =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
        : "dotnet";

    private static void Keep(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null && text.Length < KeptCharacters)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
