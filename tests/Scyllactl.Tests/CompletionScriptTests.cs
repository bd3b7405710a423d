using System.Diagnostics;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests;

/// <summary>What Tab does in a real bash: candidates are text from files of a checkout and from the bot, and are never run.</summary>
public sealed class CompletionScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tab").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_stands_in_a_candidate_is_neither_run_nor_looked_up_nor_offered()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "lies-here"), "");

        var offered = await TabAsync(
            "scyllactl job run ", "rolling_restart", "$(touch run)", "`touch run`", "<(touch run)", "$HOME", "*", "lies-?ere", "{a,b}", "~", "a b", "a;touch run", "'q'", "\\", "ü", "\u001b[2J", "add-1.2@x:y/z,+=");

        Assert.Equal(["rolling_restart", "add-1.2@x:y/z,+="], offered);
        Assert.Equal(["lies-here", "script", "scyllactl", "suggested"], Directory.EnumerateFiles(_folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("scyllactl job r", "rejoin restore resume retry run")]
    [InlineData("scyllactl job re", "rejoin restore resume retry")]
    [InlineData("scyllactl job \"re", "rejoin restore resume retry")]
    [InlineData("scyllactl job x", "")]
    [InlineData("scyllactl job *", "")]
    public async Task What_begins_like_the_word_is_offered(string line, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), await TabAsync(line, "list", "rejoin", "restore", "resume", "retry", "run"));

    /// <summary>bash makes three words of <c>--cluster=messages</c>.</summary>
    [Theory]
    [InlineData("=", "messages-prd messages-stg")]
    [InlineData("messages-s", "messages-stg")]
    public async Task Behind_an_equals_sign_values_are_offered(string word, string expected)
    {
        string[] words = word == "=" ? ["scyllactl", "job", "list", "--cluster", "="] : ["scyllactl", "job", "list", "--cluster", "=", word];

        Assert.Equal(expected.Split(' '), await TabAsync(words, "messages-prd", "messages-stg"));
    }

    private Task<string[]> TabAsync(string line, params string[] candidates) => TabAsync(line.Split(' '), candidates);

    /// <summary>The words as bash gives them to a completion, and what it gets back.</summary>
    private async Task<string[]> TabAsync(string[] words, params string[] candidates)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "script"), (await new Prompt().SayAsync("completion", "bash")).Out);
        await File.WriteAllLinesAsync(Path.Combine(_folder, "suggested"), candidates);
        await File.WriteAllTextAsync(Path.Combine(_folder, "scyllactl"), "#!/bin/sh\nexec cat suggested\n");
        File.SetUnixFileMode(Path.Combine(_folder, "scyllactl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        const string Tab = """
            PATH=.:$PATH; source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
            _scyllactl; [ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-c", Tab, "bash", .. words])
        {
            UseShellExecute = false, WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var (said, wrong) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.Equal((0, ""), (bash.ExitCode, await wrong));
        return (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
