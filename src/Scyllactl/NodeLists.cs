namespace Scyllactl;

/// <summary>
/// A list that a shell has cut: in <c>--nodes=a,\</c> with the next name indented on the next line, the name becomes an argument of its own.
/// A value that ends in a comma goes on in the next argument.
/// </summary>
internal static class NodeLists
{
    public static IReadOnlyList<string> Joined(IReadOnlyList<string> args)
    {
        var joined = new List<string>(args.Count);
        var goesOn = false;
        foreach (var argument in args)
        {
            if (goesOn && argument is not ['-', ..])
            {
                joined[^1] += argument;
            }
            else
            {
                joined.Add(argument);
            }

            goesOn = joined[^1].EndsWith(',') && (goesOn || IsList(joined));
        }

        return joined;
    }

    private static bool IsList(List<string> args) => IsListOption(args[^1].Split('=')[0]) || (args.Count > 1 && IsListOption(args[^2]));

    private static bool IsListOption(string argument) => argument is "--nodes" or "--except" or "--zone" or "--datacenter" or "--known-down";
}
