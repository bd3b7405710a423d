using System.Text.Json;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>What stands beside the cluster, and people.</summary>
internal static partial class CatalogueCases
{
    private static readonly BedOptions Services = new() { WithServices = true };

    private static IEnumerable<CatalogueCase> Watching =>
    [
        new("salt-highstate") { Effects = ["salt-scylla"] },
        new("salt-highstate") { Variant = "by api", Inputs = "via: api", Options = Services, Prepare = SaltPassword, Effects = ["salt-scylla"] },
        new("salt-apply") { Inputs = "state: sysctl", Effects = ["salt-sysctl"] },
        new("salt-apply") { Variant = "by api", Inputs = "state: sysctl\nvia: api", Options = Services, Prepare = SaltPassword, Effects = ["salt-sysctl"] },
        new("ansible-playbook") { Options = Services, Effects = ["salt-ansible"] },

        // Each job keeps a silence of its own, renews it and ends it.
        new("silence-alerts") { Options = Services, Repeat = Idempotent.ByAttempt, Effects = ["silence"] },
        new("unsilence-alerts") { Options = Services, Prepare = Silenced, IsOfAnother = true, Effects = ["unsilence"] },
        new("http-request")
        {
            Options = new BedOptions { Enables = [$"http-request:{OutsideServer.Host}", $"http-secret:{OutsideServer.Host}:env:HOOK_TOKEN"] }, Repeat = Idempotent.ByAttempt, Effects = ["request"],
        },
        new("ask-human") { Answer = "yes", Repeat = Idempotent.ByAttempt, Effects = ["asked", "answered"] },
    ];

    private static void SaltPassword(EngineBed bed) => bed.World.Agenda.Run(() =>
        bed.World.Clusters[0].Services.OfType<SimSalt>().Single().Password = BedClusters.SaltPassword.Placeholder);

    /// <summary>One silence of an earlier job and one of a human.</summary>
    private static void Silenced(EngineBed bed)
    {
        Put("scyllabot", "scyllabot job=01OLD step=1.1 node=b1 seconds=900");
        Put("mara", "disk is changed");

        void Put(string by, string comment) => _ = bed.World.Agenda.Run(() => bed.World.Clusters[0].Services.OfType<SimAlertmanager>().Single().AnswerAsync(
            new ServiceCall("POST", "/api/v2/silences", [], new Dictionary<string, string>(StringComparer.Ordinal), JsonSerializer.Serialize(new
            {
                matchers = new[] { new { name = "instance", value = bed.Sim("b1").Id.Address, isRegex = false, isEqual = true } },
                startsAt = bed.Time.GetUtcNow(), endsAt = bed.Time.GetUtcNow() + TimeSpan.FromHours(1), createdBy = by, comment,
            }))));
    }
}
