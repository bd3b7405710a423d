using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>The OpenAPI 3.1 document of the endpoint, made from the table of routes and the types of their bodies and answers.</summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions Indented = new(ControlJson.Answers) { WriteIndented = true };

    /// <summary>Whole, with a line break at its end.</summary>
    public static string Json { get; } = Build().ToJsonString(Indented) + "\n";

    private static JsonObject Build()
    {
        var paths = new JsonObject();
        foreach (var group in ControlRoutes.All.GroupBy(r => r.Pattern, StringComparer.Ordinal))
        {
            paths[group.Key] = new JsonObject(group.Select(r => KeyValuePair.Create(r.Method.ToLowerInvariant(), (JsonNode?)Operation(r))));
        }

        Type[] types = [.. ControlRoutes.All.SelectMany(r => new[] { r.Body, r.Answer }).OfType<Type>(), typeof(Problem), typeof(JournalLine), typeof(JobLogLine)];
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "ScyllaBot control",
                ["version"] = "1",
                ["description"] = "Over the Unix socket control.sock the caller is their user on this machine; over loopback TCP they are the user of their bearer token.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(types.Distinct().OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Name, (JsonNode?)Schema(t)))),
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }, new JsonObject()),
        };
    }

    private static JsonObject Operation(ControlRoute route)
    {
        var needs = VerbRights.Of(route.Name);
        var operation = new JsonObject
        {
            ["operationId"] = route.Name,
            ["summary"] = route.Summary,
            ["description"] = $"Needs the {needs.ToString().ToLowerInvariant()} right{(needs == Rights.Read ? "" : " at least")}.",
        };
        if (Parameters(route) is { Count: > 0 } parameters)
        {
            operation["parameters"] = parameters;
        }

        if (route.Body is { } body)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", Reference(body)) };
        }

        var answer = route.IsStream ? Content("text/event-stream", new JsonObject
        {
            ["type"] = "string",
            ["description"] = "Events job (JobView), journal (JournalLine), log (JobLogLine), end (WatchEnd); each id can be sent back as Last-Event-ID.",
        }) : Content("application/json", Reference(route.Answer));
        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "Done", ["content"] = answer },
            ["default"] = new JsonObject { ["description"] = "Not done, and why", ["content"] = Content(Problem.MediaType, Reference(typeof(Problem))) },
        };
        return operation;
    }

    private static JsonArray Parameters(ControlRoute route)
    {
        var all = route.Places.Select(p => Parameter(p, "path", null, isRequired: true))
            .Concat(route.Query.Select(q => Parameter(q.Name, "query", q.Summary, isRequired: false)));
        if (route.Method == "POST")
        {
            all = all.Append(Parameter(ControlRoutes.RequestId, "header", "A GUID, a new one for each request: the same one twice does it once", isRequired: true, "uuid"));
        }

        return new JsonArray([.. route.IsStream ? all.Append(Parameter("Last-Event-ID", "header", "Goes on after that event", isRequired: false)) : all]);
    }

    private static JsonObject Parameter(string name, string place, string? summary, bool isRequired, string? format = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (format is not null)
        {
            schema["format"] = format;
        }

        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = isRequired, ["schema"] = schema };
        if (summary is not null)
        {
            parameter["description"] = summary;
        }

        return parameter;
    }

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Reference(Type type) => new() { ["$ref"] = $"#/components/schemas/{type.Name}" };

    private static JsonNode Schema(Type type) => ControlJson.Strict.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) => Located(context, node, type),
    });

    /// <summary>A schema refers to its own parts; here it stands deeper in a document. What is read is never refused for a member more.</summary>
    private static JsonNode Located(JsonSchemaExporterContext context, JsonNode node, Type root)
    {
        if (node is JsonObject found)
        {
            if (found["$ref"]?.GetValue<string>() is { } reference && reference.StartsWith('#') && !reference.StartsWith("#/components", StringComparison.Ordinal))
            {
                found["$ref"] = $"#/components/schemas/{root.Name}{reference[1..]}";
            }

            if (!root.Name.EndsWith("Form", StringComparison.Ordinal))
            {
                found.Remove("additionalProperties");
            }
        }

        return node;
    }
}
