using System.CommandLine;

namespace Scyllactl;

/// <summary><c>completion bash | zsh | fish</c>: a script that asks the program itself what fits.</summary>
internal static class CompletionVerb
{
    private const string Bash = """
        # scyllactl completion for bash:  source <(scyllactl completion bash)
        _scyllactl() {
          local candidates candidate word="${COMP_WORDS[COMP_CWORD]}"
          # bash cuts words at = and :; what stands before the cut is already there.
          [ "$word" = "=" ] && word=""
          # An opening quote stays where it is.
          word="${word#[\"\']}"
          candidates=$(scyllactl "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
          COMPREPLY=()
          # Names of files and what the bot says are data: nothing here expands them (compgen -W would), and since bash puts a candidate
          # on the line without quotes, one that means something to a shell is not offered.
          while IFS= read -r candidate; do
            case "$candidate" in ""|*[!A-Za-z0-9._/:,=@+-]*) continue ;; esac
            [[ "$candidate" == "$word"* ]] && COMPREPLY+=("$candidate")
          done <<< "$candidates"
        }
        complete -o default -F _scyllactl scyllactl
        """;

    private const string Zsh = """
        #compdef scyllactl
        # scyllactl completion for zsh:  source <(scyllactl completion zsh)
        _scyllactl() {
          local -a candidates
          candidates=("${(@f)$(scyllactl "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- $candidates
        }
        compdef _scyllactl scyllactl
        """;

    private const string Fish = """
        # scyllactl completion for fish:  scyllactl completion fish | source
        complete -f -c scyllactl -a "(scyllactl '[suggest:'(commandline -C)']' (commandline) 2>/dev/null)"
        """;

    public static Verb Of(Surroundings around)
    {
        var shell = new Argument<string>("shell") { HelpName = "bash|zsh|fish", Description = "bash, zsh or fish" }.AcceptOnly("bash", "zsh", "fish");
        return new Verb("completion", "Print a script that completes verbs, clusters, nodes, workflows and jobs in your shell")
        {
            Examples = [("completion bash > /etc/bash_completion.d/scyllactl", "for everyone"), ("completion fish | source", "in fish")],
            Arguments = { shell },
        }.Does(async (parsed, _) =>
        {
            await around.Out.WriteLineAsync(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCodes.Done;
        });
    }

    private static Argument<string> AcceptOnly(this Argument<string> argument, params string[] values)
    {
        argument.AcceptOnlyFromAmong(values);
        return argument;
    }
}
