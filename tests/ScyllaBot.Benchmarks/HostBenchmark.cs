using System.Diagnostics;
using System.Globalization;

namespace ScyllaBot.Benchmarks;

/// <summary>How long the host takes until its bot stands in the guild, and what memory it takes then, next to the same program that only prints its help.</summary>
internal static class HostBenchmark
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync()
    {
        using var sandbox = Start(out var ready, "ScyllaBot.Sandbox.dll", "all", "--exit-with", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var line = await ready;
        var page = line.Split("\"page\":\"")[1].Split('"')[0];
        var state = Directory.CreateTempSubdirectory("scyllabot-bench-");
        try
        {
            // One state for all rounds: like a restarted bot, each but the first resumes its session and spends no identify.
            var (help, host, memory) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                help.Add(await HelpAsync());
                var (milliseconds, mebibytes) = await HostAsync(page, state.FullName);
                host.Add(milliseconds);
                memory.Add(mebibytes);
            }

            Console.WriteLine($"--help alone:            {Median(help):f0} ms");
            Console.WriteLine($"host ready in the guild: {Median(host):f0} ms, {Median(host) / Median(help):f1} x --help (median of {Rounds})");
            Console.WriteLine($"resident memory then:    {Median(memory):f0} MiB");
            return 0;
        }
        finally
        {
            sandbox.Kill(entireProcessTree: true);
            await sandbox.WaitForExitAsync();
            state.Delete(recursive: true);
        }
    }

    private static async Task<double> HelpAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var help = Start(out _, "ScyllaBot.dll", "--help");
        await help.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<(double Milliseconds, double Mebibytes)> HostAsync(string page, string state)
    {
        var began = Stopwatch.GetTimestamp();
        using var host = Start(out var ready, "ScyllaBot.dll", "--sandbox-url", page, "--state", state, wanted: "session stands");
        try
        {
            await ready.WaitAsync(TimeSpan.FromSeconds(60));
            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            host.Refresh();
            return (took, host.WorkingSet64 / 1048576.0);
        }
        finally
        {
            // Asked to end, it keeps its gateway session for the next round; killed, it would pay for an identify each time.
            using var ask = Process.Start("kill", ["-TERM", host.Id.ToString(CultureInfo.InvariantCulture)]);
            await host.WaitForExitAsync();
        }
    }

    private static Process Start(out Task<string> ready, string dll, params string[] arguments) => Start(out ready, dll, arguments, "{");

    private static Process Start(out Task<string> ready, string dll, string a, string b, string c, string d, string wanted) => Start(out ready, dll, [a, b, c, d], wanted);

    private static Process Start(out Task<string> ready, string dll, string[] arguments, string wanted)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, dll), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && text.Contains(wanted, StringComparison.Ordinal))
            {
                seen.TrySetResult(text);
            }
        };
        process.BeginOutputReadLine();
        ready = seen.Task;
        return process;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
