using System.Text;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>One label matcher, as PromQL and Alertmanager write it: <c>cluster="messages"</c>, <c>alertname=~"Scylla.*"</c>.</summary>
/// <param name="IsEqual">False for <c>!=</c> and <c>!~</c>.</param>
public sealed record LabelMatcher(string Name, string Value, bool IsRegex, bool IsEqual)
{
    /// <summary>A list with commas between; empty text = none.</summary>
    /// <exception cref="UnrecoverableException">It can not be read.</exception>
    public static ImmutableArray<LabelMatcher> ParseAll(string text)
    {
        var found = ImmutableArray.CreateBuilder<LabelMatcher>();
        for (var at = 0; at < text.Length;)
        {
            var name = at;
            while (at < text.Length && text[at] is not ('=' or '!'))
            {
                at++;
            }

            var sign = at;
            while (at < text.Length && text[at] is '=' or '!' or '~')
            {
                at++;
            }

            var spelt = text[sign..at];
            if (spelt is not ("=" or "=~" or "!=" or "!~") || at >= text.Length || text[at] != '"')
            {
                throw new UnrecoverableException($"\"{text}\" is no list of label matchers such as cluster=\"messages\"");
            }

            at++;
            var value = Unquote(text, ref at);
            found.Add(new LabelMatcher(text[name..sign].Trim(' ', ','), value, spelt[^1] == '~', spelt[0] == '='));
        }

        return found.ToImmutable();
    }

    public override string ToString() =>
        $"{Name}{(IsEqual ? "=" : "!")}{(IsRegex ? "~" : IsEqual ? "" : "=")}\"{Value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Unquote(string text, ref int at)
    {
        var value = new StringBuilder();
        for (; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        at++;
        return value.ToString();
    }
}
