using System.CommandLine;
using System.CommandLine.Invocation;

namespace Scyllactl;

/// <summary>The parser's help with examples below it; at the root the exit codes too.</summary>
internal sealed class TeachingHelp(SynchronousCommandLineAction plain) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = plain.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is Verb { Examples.IsEmpty: false } verb)
        {
            output.WriteLine("Examples:");
            foreach (var (line, remark) in verb.Examples)
            {
                output.WriteLine(remark.Length == 0 ? $"  scyllactl {line}" : $"  # {remark}\n  scyllactl {line}");
            }

            output.WriteLine();
        }

        if (command is RootCommand)
        {
            output.WriteLine("Exit codes:");
            foreach (var (number, meaning) in ExitCodes.All)
            {
                output.WriteLine($"  {number,3}  {meaning}");
            }

            output.WriteLine("""

                Start here:
                  scyllactl cluster list                    # what there is
                  scyllactl job plan rolling_restart --cluster=messages-stg
                  scyllactl job run rolling_restart --cluster=messages-stg
                  source <(scyllactl completion bash)       # Tab completes verbs, clusters, nodes, jobs

                """);
        }

        return code;
    }
}
