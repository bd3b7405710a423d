using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ScyllaBot.Sandbox;

/// <summary>Where a running sandbox is found.</summary>
internal sealed record SandboxAddress(Uri Page, Uri DiscordApi, Uri Inventory, Uri Clock, string Token)
{
    /// <summary>From the line a sandbox prints when it is ready.</summary>
    /// <exception cref="StartRefusedException">It is another line.</exception>
    public static SandboxAddress Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            Uri At(string name) => new(json.RootElement.GetProperty(name).GetString()!);
            return new SandboxAddress(At("page"), At("discord_api"), At("inventory"), At("clock"), json.RootElement.GetProperty("token").GetString()!);
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException or UriFormatException)
        {
            throw new StartRefusedException($"The sandbox did not say where it is: {line}");
        }
    }

    /// <summary>A sandbox that somebody else started.</summary>
    public static SandboxAddress Of(Uri page) => new(
        page, new Uri(page, "/api"), new Uri(page, "/sandbox/inventory"), new Uri(page, "/sandbox/clock"), "sandbox.token.1");
}

/// <summary>The sandbox as a child process: it ends with us, whatever becomes of us.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    /// <summary>First word by which a program with the sandbox inside runs as the sandbox.</summary>
    public const string ProgramName = "sandbox";

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private SandboxProcess(Process process, SandboxAddress address) => (_process, Address) = (process, address);

    public SandboxAddress Address { get; }

    /// <exception cref="StartRefusedException">It did not come up; the message has its last words.</exception>
    public static Task<SandboxProcess> StartAsync(double speed, long seed, CancellationToken ct)
    {
        var (program, first) = Program();
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        foreach (var argument in (string[])[first, "all", "--speed", Invariant(speed), "--seed", Invariant(seed), "--exit-with", Invariant(Environment.ProcessId)])
        {
            start.ArgumentList.Add(argument);
        }

        return StartAsync(start, TimeProvider.System, ct);
    }

    /// <param name="start">With all of its streams redirected.</param>
    /// <param name="time">Real, but for tests.</param>
    /// <param name="ct">Of the start.</param>
    internal static async Task<SandboxProcess> StartAsync(ProcessStartInfo start, TimeProvider time, CancellationToken ct)
    {
        var process = Begin(start);
        var words = new LastWords();
        try
        {
            process.ErrorDataReceived += (_, line) => words.Add(line.Data);
            process.BeginErrorReadLine();

            // Every line is read, also after the first: it must not block on a full pipe.
            var said = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            process.OutputDataReceived += (_, line) => said.TrySetResult(line.Data);
            process.BeginOutputReadLine();
            var ready = await said.Task.WaitAsync(ReadyWithin, time, ct);
            if (ready is not null)
            {
                return new SandboxProcess(process, SandboxAddress.Parse(ready));
            }
        }
        catch (TimeoutException)
        {
            await EndAsync(process);
            throw new StartRefusedException($"The sandbox was not ready within {ReadyWithin.TotalSeconds:0} s: {words}");
        }
        catch
        {
            await EndAsync(process);
            throw;
        }

        // What it said last has arrived when it has ended.
        await EndAsync(process);
        throw new StartRefusedException($"The sandbox ended before it was ready: {words}");
    }

    public ValueTask DisposeAsync() => new(EndAsync(_process));

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new StartRefusedException($"The sandbox can not be started: {start.FileName} does not begin.");
        }
        catch (Win32Exception failed)
        {
            throw new StartRefusedException($"The sandbox can not be started: {failed.Message}");
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Its own file where there is one; a program published as a single file carries it inside.</summary>
    private static (string Program, string First) Program()
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "ScyllaBot.Sandbox.dll");
        var own = Environment.ProcessPath ?? "dotnet";
        return !File.Exists(dll) ? (own, ProgramName)
            : (Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet", dll);
    }

    private static string Invariant(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private sealed class LastWords
    {
        private const int Kept = 20;
        private readonly Queue<string> _lines = new();

        public void Add(string? line)
        {
            lock (_lines)
            {
                if (line is not null)
                {
                    _lines.Enqueue(line);
                }

                if (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }
            }
        }

        public override string ToString()
        {
            lock (_lines)
            {
                return string.Join(" | ", _lines);
            }
        }
    }
}
