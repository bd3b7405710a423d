using System.Text.Json;
using System.Text.RegularExpressions;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Services;

/// <summary>Every answer of the simulated salt-api has the shape that a real one was recorded with, for the same request.</summary>
public sealed partial class SaltContractTests
{
    [SharedDataFact]
    public void Every_recorded_exchange_has_the_same_shape_here()
    {
        using var bed = new TestBed();
        var salt = bed.Messages.Services.OfType<SimSalt>().Single();
        var token = JsonDocument.Parse(Ask(bed, salt, "POST", "/login", """{"username":"scp","password":"sandbox","eauth":"sharedsecret"}""").Body)
            .RootElement.GetProperty("return")[0].GetProperty("token").GetString()!;
        var compared = new List<string>();
        foreach (var file in Directory.GetFiles(Folder, "*.req.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file)["t-".Length..^".req.json".Length];
            salt.Minions.Dead.Clear();
            if (name is "down" or "downfull" or "manage")
            {
                salt.Minions.Dead.Add(Local("scylla-bed-us-east1-d-1"));
            }

            // The file on the master was new when the highstate was recorded.
            salt.Minions.Version += name is "highstate" ? 1 : 0;
            if (name is "testmode")
            {
                // And applied everywhere when the dry run was.
                Ask(bed, salt, "POST", "/", Localised(File.ReadAllText(Path.Combine(Folder, "t-async.req.json"))), token);
                bed.Time.Advance(30);
            }

            var answer = Ask(bed, salt, "POST", "/", Localised(File.ReadAllText(file)), token);
            Compare(name, answer);
            compared.Add(name);
        }

        Assert.Equal(["async", "badfun", "broken", "down", "downfull", "highstate", "manage", "missing", "ping", "ping2", "running", "testmode"], compared);
        Compare("login", Ask(bed, salt, "POST", "/login", """{"username":"scp","password":"sandbox","eauth":"sharedsecret"}"""));
    }

    [SharedDataFact]
    public void A_job_is_told_in_the_recorded_shape()
    {
        using var bed = new TestBed();
        var salt = bed.Messages.Services.OfType<SimSalt>().Single();
        var token = JsonDocument.Parse(Ask(bed, salt, "POST", "/login", """{"username":"scp","password":"sandbox","eauth":"sharedsecret"}""").Body)
            .RootElement.GetProperty("return")[0].GetProperty("token").GetString()!;

        // When the job was recorded one of its two minions had nothing to change.
        Ask(bed, salt, "POST", "/", Localised(File.ReadAllText(Path.Combine(Folder, "t-highstate.req.json"))), token);
        var started = Ask(bed, salt, "POST", "/", Localised(File.ReadAllText(Path.Combine(Folder, "t-async.req.json"))), token);
        bed.Time.Advance(30);
        var jid = JsonDocument.Parse(started.Body).RootElement.GetProperty("return")[0].GetProperty("jid").GetString();
        Compare("job", Ask(bed, salt, "GET", $"/jobs/{jid}", "", token));
    }

    [Fact]
    public void A_bad_login_and_a_bad_token_are_a_401_with_a_page()
    {
        using var bed = new TestBed();
        var salt = bed.Messages.Services.OfType<SimSalt>().Single();
        foreach (var answer in new[]
        {
            Ask(bed, salt, "POST", "/login", """{"username":"scp","password":"wrong","eauth":"pam"}"""),
            Ask(bed, salt, "POST", "/", """[{"client":"local","tgt":"*","fun":"test.ping"}]""", "made-up"),
        })
        {
            Assert.Equal(401, answer.Status);
            Assert.StartsWith("<!DOCTYPE html", answer.Body, StringComparison.Ordinal);
        }
    }

    private static string Folder => Path.Combine(Path.GetDirectoryName(SharedDataFactAttribute.Root!)!, "salt-api");

    private static ServiceAnswer Ask(TestBed bed, SimSalt salt, string verb, string path, string body, string? token = null)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (token is not null)
        {
            headers["X-Auth-Token"] = token;
        }

        var asked = bed.World.Agenda.Run(() => salt.AnswerAsync(new ServiceCall(verb, path, [], headers, body)));
        bed.Until(() => asked.IsCompleted);
        return asked.Result;
    }

    private static void Compare(string name, ServiceAnswer answer)
    {
        Assert.Equal(200, answer.Status);
        var recorded = Shape(JsonDocument.Parse(Localised(File.ReadAllText(Path.Combine(Folder, $"t-{name}.json")))).RootElement);
        var told = Shape(JsonDocument.Parse(answer.Body).RootElement);
        Assert.Equal($"{name}: {recorded}", $"{name}: {told}");
    }


    private static string Local(string minion) => minion.Replace("scylla-bed", "scylla-messages-stg", StringComparison.Ordinal);

    private static string Localised(string text) => Local(text);

    /// <summary>Names and kinds of values, not values; a minion's name, and a state's key, as such; equal neighbours once.</summary>
    private static string Shape(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", json.EnumerateObject()
            .Select(p => $"{Name(p.Name)}:{Shape(p.Value)}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) + "}",
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(Shape).Distinct(StringComparer.Ordinal)) + "]",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => json.ValueKind.ToString(),
    };

    private static string Name(string name) => Minion().IsMatch(name) ? "MINION" : name.Contains("_|-", StringComparison.Ordinal) ? name.Split("_|-")[0] + "-STATE" : name;

    [GeneratedRegex("^scylla-[a-z0-9-]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Minion();
}
