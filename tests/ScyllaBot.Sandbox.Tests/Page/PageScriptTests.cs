using System.Diagnostics;

namespace ScyllaBot.Sandbox.Tests.Page;

public sealed class PageScriptTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [NodeFact]
    public async Task The_scripts_pass_their_own_tests()
    {
        var folder = Path.Combine(Root(), "tests", "page-js");
        var files = Directory.GetFiles(folder, "*.test.js");
        Assert.NotEmpty(files);

        var (exit, output) = await RunAsync(["--test", .. files], folder);

        Assert.True(exit == 0, output);
        Assert.Contains("# fail 0", output, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output)> RunAsync(IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(NodeFactAttribute.Path!, ["--test-reporter=tap", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var limit = new CancellationTokenSource(_patience);
        using var node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        try
        {
            var output = node.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            return (node.ExitCode, await output + await errors);
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ScyllaBot.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
