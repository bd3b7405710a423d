using System.Text.Json;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.ScyllaManager;

/// <summary>Scylla Manager's Swagger 2.0 description, as a judge: path and verb exist, parameters are known, and the answer has the described shape and nothing else.</summary>
internal sealed class ManagerSwagger
{
    private readonly JsonElement _root;

    private ManagerSwagger(JsonElement root) => _root = root;

    public List<string> Complaints { get; } = [];

    public static ManagerSwagger Read() => new(JsonDocument.Parse(File.ReadAllText(
        Path.Combine(SharedDataFactAttribute.Root!, "..", "scylla-manager-swagger", "scylla-manager.json"))).RootElement);

    /// <param name="values">Null: they are not judged.</param>
    /// <param name="body">Null: it is not judged.</param>
    /// <returns>The path as the description spells it.</returns>
    public string Check(string verb, string path, string[] query, ServiceAnswer answer, string[]? values = null, string? body = null)
    {
        var found = _root.GetProperty("paths").EnumerateObject()
            .Where(p => Matches(p.Name, path) && p.Value.TryGetProperty(verb.ToLowerInvariant(), out _))
            .OrderBy(p => p.Name.Count(c => c == '{')).FirstOrDefault();
        if (found.Name is null)
        {
            Complaints.Add($"{verb} {path} is not described");
            return path;
        }

        var operation = found.Value.GetProperty(verb.ToLowerInvariant());
        var known = Parameters(found.Value).Concat(Parameters(operation)).ToHashSet(StringComparer.Ordinal);
        Complaints.AddRange(query.Where(name => !known.Contains(name)).Select(name => $"{verb} {found.Name} has no parameter {name}"));
        JudgeRequest(found.Value, operation, $"{verb} {found.Name}", query, values, body);
        var responses = operation.GetProperty("responses");
        var described = responses.TryGetProperty($"{answer.Status}", out var exact) ? exact : responses.GetProperty("default");
        if (described.TryGetProperty("headers", out var headers))
        {
            Complaints.AddRange(headers.EnumerateObject().Where(h => !answer.Headers.ContainsKey(h.Name)).Select(h => $"{verb} {found.Name} lacks header {h.Name}"));
        }

        if (described.TryGetProperty("schema", out var schema))
        {
            Judge(schema, JsonDocument.Parse(answer.Body).RootElement, $"{verb} {found.Name} {answer.Status}");
        }
        else if (answer.Body.Length > 0)
        {
            Complaints.Add($"{verb} {found.Name} {answer.Status} has a body: {answer.Body}");
        }

        return found.Name;
    }

    /// <summary>Required ones are there, booleans and numbers are spelled as such, and the body has its shape.</summary>
    private void JudgeRequest(JsonElement path, JsonElement operation, string where, string[] query, string[]? values, string? body)
    {
        var parameters = new[] { path, operation }.Where(p => p.TryGetProperty("parameters", out _)).SelectMany(p => p.GetProperty("parameters").EnumerateArray()).ToArray();
        foreach (var parameter in parameters.Where(p => p.GetProperty("in").GetString() == "query"))
        {
            var (name, at) = (parameter.GetProperty("name").GetString()!, Array.IndexOf(query, parameter.GetProperty("name").GetString()));
            var value = at >= 0 && values is not null ? values[at] : null;
            var isOdd = value is not null && parameter.GetProperty("type").GetString() switch
            {
                "boolean" => value is not ("true" or "false"),
                "integer" => !value.All(char.IsAsciiDigit),
                _ => false,
            };
            var isMissing = at < 0 && parameter.TryGetProperty("required", out var must) && must.GetBoolean();
            if (isOdd || isMissing)
            {
                Complaints.Add($"{where}: {name} is {(isMissing ? "missing" : value)}");
            }
        }

        if (body is { Length: > 0 } && parameters.FirstOrDefault(p => p.GetProperty("in").GetString() == "body") is { ValueKind: JsonValueKind.Object } described)
        {
            Judge(described.GetProperty("schema"), JsonDocument.Parse(body).RootElement, where + " body");
        }
    }

    private static bool Matches(string template, string path)
    {
        var (a, b) = (template.Split('/'), path.Split('/'));
        return a.Length == b.Length && a.Zip(b).All(x => x.First.StartsWith('{') || x.First == x.Second);
    }

    private static IEnumerable<string> Parameters(JsonElement of) => of.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString()!) : [];

    private void Judge(JsonElement schema, JsonElement value, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Judge(_root.GetProperty("definitions").GetProperty(reference.GetString()!.Split('/')[^1]), value, where);
            return;
        }

        if (value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("x-nullable", out _))
        {
            return;
        }

        var type = schema.TryGetProperty("type", out var named) ? named.GetString() : "object";
        var fits = type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => value.ValueKind == JsonValueKind.Number,
        };
        if (!fits)
        {
            Complaints.Add($"{where} is no {type}: {value}");
        }
        else if (type == "array")
        {
            foreach (var item in value.EnumerateArray())
            {
                Judge(schema.GetProperty("items"), item, where + "[]");
            }
        }
        else if (type == "object")
        {
            JudgeObject(schema, value, where);
        }
    }

    private void JudgeObject(JsonElement schema, JsonElement value, string where)
    {
        var free = schema.TryGetProperty("additionalProperties", out var rest);
        foreach (var property in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(property.Name, out var described))
            {
                Judge(described, property.Value, $"{where}.{property.Name}");
            }
            else if (!free)
            {
                Complaints.Add($"{where}.{property.Name} is not described");
            }
            else if (rest.ValueKind == JsonValueKind.Object)
            {
                Judge(rest, property.Value, $"{where}.{property.Name}");
            }
        }
    }
}
