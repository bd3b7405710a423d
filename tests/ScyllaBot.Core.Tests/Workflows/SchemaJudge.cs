using System.Diagnostics;
using System.Text.Json;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>A fact that needs ajv and yaml-language-server: skipped, with the reason, where <c>npm ci</c> was not run in tests/schema-js.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithSchemaJudgeAttribute : FactAttribute
{
    public FactWithSchemaJudgeAttribute(bool needsShared = false)
    {
        Skip = !Directory.Exists(Path.Combine(SchemaJudge.Folder, "node_modules", "ajv")) ? "ajv is not installed: run `npm ci` in tests/schema-js (node 18 or later)."
            : needsShared ? new ScyllaBot.Testing.SharedFactAttribute().Skip
            : null;
    }
}

/// <summary>Judges of the published schema that know nothing of us: ajv and a YAML reader, and the language server that editors run.</summary>
internal static class SchemaJudge
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <param name="Tagged">What ajv says with each tag kept as <c>{"!tag": inputs}</c>.</param>
    /// <param name="Plain">What it says with tags dropped.</param>
    /// <param name="Editor">What an editor underlines; null: it was not asked.</param>
    public sealed record Verdict(string[] Tagged, string[] Plain, string[]? Editor);

    /// <param name="Offered">What an editor would complete with.</param>
    /// <param name="Hovered">What it says of the word before.</param>
    public sealed record Offer(string[] Offered, string Hovered);

    public static string Folder { get; } = RepositoryFiles.PathOf("tests/schema-js");

    /// <param name="files">Name → text.</param>
    /// <param name="editor">Ask the language server too: it is slow.</param>
    public static Task<SortedDictionary<string, Verdict>> AskAsync(IReadOnlyDictionary<string, string> files, bool editor) =>
        RunAsync<Verdict>(files, editor ? ["--editor"] : []);

    /// <param name="files">Name → text with a | where somebody writes.</param>
    public static Task<SortedDictionary<string, Offer>> OfferAsync(IReadOnlyDictionary<string, string> files) => RunAsync<Offer>(files, ["--offer"]);

    private static async Task<SortedDictionary<string, T>> RunAsync<T>(IReadOnlyDictionary<string, string> files, string[] mode)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = Folder, UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string[] arguments = ["judge.mjs", RepositoryFiles.PathOf(WorkflowSchemaTests.Published), RepositoryFiles.PathOf(WorkflowSchemaTests.Settings), .. mode];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var judge = Process.Start(start)!;
        using var giveUp = new CancellationTokenSource(Patience);
        try
        {
            var said = judge.StandardOutput.ReadToEndAsync(giveUp.Token);
            var complained = judge.StandardError.ReadToEndAsync(giveUp.Token);
            await judge.StandardInput.WriteAsync(JsonSerializer.Serialize(files).AsMemory(), giveUp.Token);
            judge.StandardInput.Close();
            await judge.WaitForExitAsync(giveUp.Token);
            Assert.True(judge.ExitCode == 0, await complained);
            var verdicts = JsonSerializer.Deserialize<Dictionary<string, T>>(await said, JsonSerializerOptions.Web)!;
            Assert.Equal(files.Keys.Order(StringComparer.Ordinal), verdicts.Keys.Order(StringComparer.Ordinal));
            return new SortedDictionary<string, T>(verdicts, StringComparer.Ordinal);
        }
        finally
        {
            if (!judge.HasExited)
            {
                judge.Kill(entireProcessTree: true);
            }
        }
    }
}
