using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>The errors of a form, as a tree that mirrors the request (docs: Reference, Error Messages; code 50035).</summary>
internal sealed class FormErrors
{
    private readonly JsonObject _tree = [];

    public bool Any => _tree.Count > 0;

    /// <summary>Adds one error to the tree.</summary>
    /// <param name="path">Keys and indexes joined by dots; empty for the whole body.</param>
    public FormErrors Add(string path, string code, string message)
    {
        var node = _tree;
        foreach (var key in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (node[key] is not JsonObject next)
            {
                node[key] = next = [];
            }

            node = next;
        }

        if (node["_errors"] is not JsonArray errors)
        {
            node["_errors"] = errors = [];
        }

        errors.Add(new JsonObject { ["code"] = code, ["message"] = message });
        return this;
    }

    public ApiError Error() => new(400, 50035, "Invalid Form Body", _tree);

    public void ThrowIfAny()
    {
        if (Any)
        {
            throw Error();
        }
    }
}
