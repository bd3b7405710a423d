using System.Text.Json;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Tests.Http;

public sealed class SwaggerContractTests
{
    [SharedDataFact]
    public void Every_route_served_is_one_of_Scyllas()
    {
        var known = Paths().Concat(Directory.GetFiles(SharedDataFactAttribute.Root!, "*.json").SelectMany(Operations)).ToHashSet();
        Assert.True(known.Count > 300, $"only {known.Count} operations were found in the Swagger files");

        var invented = NodeRest.Routes.Select(route => $"{route.Verb} {Shape(route.Template)}").Where(route => !known.Contains(route));
        Assert.Empty(invented);
    }

    [Fact]
    public void No_route_is_served_twice()
    {
        var routes = NodeRest.Routes.Select(route => $"{route.Verb} {Shape(route.Template)}").ToArray();
        Assert.Equal(routes.Distinct().Count(), routes.Length);
    }

    /// <summary>The fragment of Swagger 2.0: an entry of `paths` without the braces around it.</summary>
    private static IEnumerable<string> Paths()
    {
        using var document = JsonDocument.Parse($"{{{File.ReadAllText(Path.Combine(SharedDataFactAttribute.Root!, "config.json"))}}}");
        return [.. document.RootElement.EnumerateObject().SelectMany(
            path => path.Value.EnumerateObject().Select(verb => $"{verb.Name.ToUpperInvariant()} {Shape(path.Name)}"))];
    }

    /// <summary>Some files are fragments, which no document of operations is: they are left out.</summary>
    private static IEnumerable<string> Operations(string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllText(file));
        }
        catch (JsonException)
        {
            yield break;
        }

        using (document)
        {
            if (!document.RootElement.TryGetProperty("apis", out var apis))
            {
                yield break;
            }

            foreach (var api in apis.EnumerateArray())
            {
                foreach (var operation in api.GetProperty("operations").EnumerateArray())
                {
                    yield return $"{operation.GetProperty("method").GetString()} {Shape(api.GetProperty("path").GetString()!)}";
                }
            }
        }
    }

    /// <summary>Names of path variables and a slash at the end make no difference to a caller.</summary>
    private static string Shape(string path) =>
        string.Join('/', path.TrimEnd('/').Split('/').Select(segment => segment.StartsWith('{') ? "{}" : segment));
}
