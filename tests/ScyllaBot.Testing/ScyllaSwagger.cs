using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace ScyllaBot.Testing;

/// <summary>One operation of Scylla's REST API as its own description has it.</summary>
/// <param name="Template">Such as <c>/storage_service/keyspace_flush/{keyspace}</c>.</param>
/// <param name="Query">Names of query parameters, and whether they must be given.</param>
public sealed record ScyllaOperation(string Verb, string Template, IReadOnlyDictionary<string, bool> Query, JsonElement Description)
{
    public string[] Segments { get; } = Template.Trim('/').Split('/');

    /// <summary>The oldest release branch that has it, such as <c>6.0</c>; <c>5.2</c> means 5.2 or older.</summary>
    public string First { get; init; } = "";

    /// <summary>The newest release branch that has it; <c>master</c> for what is still there.</summary>
    public string Last { get; init; } = "";

    public override string ToString() => $"{Verb} {Template}";
}

/// <summary>The official description (data/scylla-swagger, data/scylla-endpoints-by-version.json) as the judge of calls and answers.</summary>
public sealed class ScyllaSwagger
{
    private static readonly Lazy<ScyllaSwagger?> Loaded = new(() => SharedFactAttribute.Root is { } root ? new ScyllaSwagger(root) : null);
    private readonly List<ScyllaOperation> _operations = [];
    private readonly ConcurrentDictionary<(string Verb, string Path), ScyllaOperation?> _found = new();

    // A simulated run asks the same thing thousands of times: each distinct answer is judged once.
    private readonly ConcurrentDictionary<(string Verb, string Path, int Length, int Hash), bool> _judged = new();
    private readonly Dictionary<string, JsonElement> _models = new(StringComparer.Ordinal);

    private ScyllaSwagger(string root)
    {
        // Some operations changed their spelling by a slash: their age is from the first of them to the last.
        var ages = new Dictionary<string, (int First, int Last)>(StringComparer.Ordinal);
        using (var versions = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "data", "scylla-endpoints-by-version.json"))))
        {
            Versions = [.. versions.RootElement.GetProperty("versions").EnumerateArray().Select(v => v.GetString()!)];
            foreach (var operation in versions.RootElement.GetProperty("operations").EnumerateArray())
            {
                var key = $"{operation.GetProperty("method").GetString()} {Shape(operation.GetProperty("path").GetString()!)}";
                var (first, last) = (AgeOf(operation.GetProperty("first").GetString()!), AgeOf(operation.GetProperty("last").GetString()!));
                ages[key] = ages.TryGetValue(key, out var known) ? (Math.Min(known.First, first), Math.Max(known.Last, last)) : (first, last);
            }
        }

        foreach (var file in Directory.GetFiles(Path.Combine(root, "data", "scylla-swagger"), "*.json"))
        {
            // Some files are fragments, which no document of operations is.
            if (TryParse(file) is { } page && page.TryGetProperty("apis", out var apis))
            {
                Take(page, apis, ages);
            }
        }
    }

    /// <summary>Null where the design material is not at hand.</summary>
    public static ScyllaSwagger? Instance => Loaded.Value;

    public IReadOnlyList<ScyllaOperation> Operations => _operations;

    /// <summary>Release branches, oldest first; the last is <c>master</c>.</summary>
    public IReadOnlyList<string> Versions { get; }

    /// <summary>Whether a release branch has the operation.</summary>
    public bool Has(string version, ScyllaOperation operation) =>
        operation.First.Length > 0 && AgeOf(version) >= AgeOf(operation.First) && AgeOf(version) <= AgeOf(operation.Last);

    public ScyllaOperation? Find(string verb, string path) => _found.GetOrAdd((verb, path), key => Search(key.Verb, key.Path));

    private ScyllaOperation? Search(string verb, string path)
    {
        var segments = path.Trim('/').Split('/');
        return _operations.Where(o => o.Verb == verb && o.Segments.Length == segments.Length && o.Segments.Zip(segments).All(s => s.First.StartsWith('{') || s.First == s.Second))
            .OrderBy(o => o.Segments.Count(s => s.StartsWith('{'))).FirstOrDefault();
    }

    /// <returns>Null when Scylla would understand the call.</returns>
    public string? WhyNotCall(string verb, string path, IEnumerable<string> query)
    {
        if (path.StartsWith("/v2/", StringComparison.Ordinal))
        {
            // Configuration is described by a Swagger 2 fragment that names each option.
            return verb == "GET" && path.StartsWith("/v2/config", StringComparison.Ordinal) ? null : $"{verb} {path} is not of /v2";
        }

        if (Find(verb, path) is not { } operation)
        {
            return $"{verb} {path} is no operation of Scylla's";
        }

        var given = query.ToHashSet(StringComparer.Ordinal);
        return given.FirstOrDefault(q => !operation.Query.ContainsKey(q)) is { } unknown ? $"{operation} knows no parameter {unknown}"
            : operation.Query.FirstOrDefault(q => q.Value && !given.Contains(q.Key)) is { Key: { } missing } ? $"{operation} needs {missing}"
            : null;
    }

    /// <returns>Null when each value is spelled as its parameter's type wants it: anything but "true" would be false without an error (facts 1.2).</returns>
    public string? WhyNotValues(string verb, string path, IEnumerable<KeyValuePair<string, string>> query)
    {
        if (Find(verb, path) is not { } operation || !operation.Description.TryGetProperty("parameters", out var parameters))
        {
            return null;
        }

        foreach (var (name, value) in query)
        {
            var described = parameters.EnumerateArray().FirstOrDefault(p => p.GetProperty("name").GetString() == name);
            var type = described.ValueKind == JsonValueKind.Object && described.TryGetProperty("type", out var of) ? of.GetString() : null;
            var fits = type switch
            {
                "boolean" => value is "true" or "false",
                "long" or "int" or "integer" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                _ => value.Length > 0,
            };
            if (!fits)
            {
                return $"{operation}: {name} is \"{value}\" where a {type} is described";
            }

            if (described.ValueKind == JsonValueKind.Object && described.TryGetProperty("enum", out var words) && words.EnumerateArray().All(w => w.ToString() != value))
            {
                return $"{operation}: {name} is \"{value}\", which is none of its words";
            }
        }

        return null;
    }

    /// <returns>Null when the body of a 200 has the described shape.</returns>
    public string? WhyNotAnswer(string verb, string path, string body)
    {
        var key = (verb, path, body.Length, StringComparer.Ordinal.GetHashCode(body));
        if (_judged.ContainsKey(key))
        {
            return null;
        }

        var why = Judge(verb, path, body);
        if (why is null)
        {
            _judged[key] = true;
        }

        return why;
    }

    private string? Judge(string verb, string path, string body)
    {
        if (Find(verb, path) is not { } operation)
        {
            return null;
        }

        if (!operation.Description.TryGetProperty("type", out var type) || type.GetString() is not { } name || name == "void")
        {
            return null;
        }

        if (body.Length == 0 && verb == "POST" && path.StartsWith("/raft/", StringComparison.Ordinal))
        {
            // The page says string of every operation; Scylla's api/raft.cc answers those that do something with json_void.
            return null;
        }

        if (body.Length == 0)
        {
            return $"{operation}: an empty body, {name} is described";
        }

        try
        {
            using var answer = JsonDocument.Parse(body);
            return WhyNot(answer.RootElement, name, operation.Description, operation.ToString());
        }
        catch (JsonException broken)
        {
            return $"{operation}: no JSON: {broken.Message}";
        }
    }

    private static JsonElement? TryParse(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private int AgeOf(string version) => Versions.ToList().IndexOf(version);

    private void Take(JsonElement page, JsonElement apis, Dictionary<string, (int First, int Last)> ages)
    {
        foreach (var api in apis.EnumerateArray())
        {
            foreach (var operation in api.GetProperty("operations").EnumerateArray())
            {
                var (verb, path) = (operation.GetProperty("method").GetString()!, api.GetProperty("path").GetString()!);
                var query = new Dictionary<string, bool>(StringComparer.Ordinal);
                foreach (var parameter in operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : [])
                {
                    if (parameter.TryGetProperty("paramType", out var kind) && kind.GetString() == "query")
                    {
                        query[parameter.GetProperty("name").GetString()!] = parameter.TryGetProperty("required", out var must) && must.ValueKind == JsonValueKind.True;
                    }
                }

                var made = new ScyllaOperation(verb, path, query, operation);
                _operations.Add(ages.TryGetValue($"{verb} {Shape(path)}", out var age) ? made with { First = Versions[age.First], Last = Versions[age.Last] } : made);
            }
        }

        foreach (var model in page.TryGetProperty("models", out var models) ? models.EnumerateObject() : [])
        {
            _models[model.Name] = model.Value;
        }
    }

    private string? WhyNot(JsonElement value, string type, JsonElement description, string where) => type switch
    {
        "string" or "datetime" => value.ValueKind == JsonValueKind.String ? null : $"{where}: {value.ValueKind} where a string is described",
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"{where}: {value.ValueKind} where a boolean is described",
        "long" or "int" or "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? null
            : value.ValueKind == JsonValueKind.Number && double.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out _) ? null : $"{where}: {value.ValueKind} where a number is described",
        "double" or "float" => value.ValueKind == JsonValueKind.Number ? null : $"{where}: {value.ValueKind} where a number is described",
        "array" or "chunked_array" => WhyNotList(value, description, where),
        _ => _models.TryGetValue(type, out var model) ? WhyNotModel(value, type, model, where) : null,
    };

    private string? WhyNotList(JsonElement value, JsonElement description, string where)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return $"{where}: {value.ValueKind} where a list is described";
        }

        if (!description.TryGetProperty("items", out var items))
        {
            return null;
        }

        var item = items.TryGetProperty("$ref", out var reference) ? reference.GetString()! : items.TryGetProperty("type", out var type) ? type.GetString()! : "";
        return value.EnumerateArray().Select(one => WhyNot(one, item, items, where + "[]")).FirstOrDefault(why => why is not null);
    }

    private string? WhyNotModel(JsonElement value, string name, JsonElement model, string where)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"{where}: {value.ValueKind} where {name} is described";
        }

        var properties = model.GetProperty("properties");
        foreach (var member in value.EnumerateObject())
        {
            // A map's key and value are described as text whatever they hold (facts 1.2).
            if (!properties.TryGetProperty(member.Name, out var described))
            {
                return $"{where}: {name} has no {member.Name}";
            }

            if (name is not ("mapper" or "maplist_mapper") && described.TryGetProperty("type", out var type)
                && WhyNot(member.Value, type.GetString()!, described, $"{where}.{member.Name}") is { } why)
            {
                return why;
            }
        }

        return null;
    }

    /// <summary>Names of path variables and a slash at the end make no difference to a caller.</summary>
    private static string Shape(string path) =>
        string.Join('/', path.TrimEnd('/').Split('/').Select(segment => segment.StartsWith('{') ? "{}" : segment));
}
