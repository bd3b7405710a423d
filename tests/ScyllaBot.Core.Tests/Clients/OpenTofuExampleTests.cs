using System.Diagnostics;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Clients.Contract;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clients;

/// <summary>examples/provisioner/opentofu, asked by the bot's own client. OpenTofu is a stand-in that keeps a list of machines.</summary>
public sealed class OpenTofuExampleTests : IDisposable
{
    private const string FakeTofu = """
        #!/bin/bash
        dir=${1#-chdir=}; shift
        made=$dir/made asked=$dir/request.auto.tfvars.json
        touch "$made"
        case $1 in
          init) ;;
          plan) jq -c --rawfile made "$made" --argjson anew "${FAKE_ANEW:-false}" '($made | split("\n")) as $made | {resource_changes: [.hosts | keys[]
            | select($anew or (. as $h | $made | index($h) | not)) | {mode: "managed", change: {actions: (if $anew then ["delete", "create"] else ["create"] end)}}]}' "$asked" >"$dir/plan" ;;
          show) cat "$dir/plan" ;;
          apply)
            [[ $* != *-refresh-only* ]] || exit "${FAKE_BLIND:-0}"
            jq -r '.hosts | keys[]' "$asked" | head -n "${FAKE_QUOTA:-1000}" >"$made"
            [ -z "${FAKE_QUOTA:-}" ] || { echo "Error: quota exceeded" >&2; exit 1; } ;;
          output) jq -c --rawfile made "$made" '($made | split("\n")) as $made | {hosts: {value: (.hosts | with_entries(select(.key as $h | $made | index($h)))
            | map_values({address, dc, rack, facts: {size: 8}}))}}' "$asked" ;;
          destroy) : >"$made" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("provisioner-").FullName;
    private readonly SortedDictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly ContractBed _bed = new();

    public OpenTofuExampleTests()
    {
        var tofu = Path.Combine(_folder, "tofu");
        File.WriteAllText(tofu, FakeTofu);
        File.SetUnixFileMode(tofu, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _environment["TOFU"] = tofu;
        _environment["SCYLLABOT_MODULE"] = Path.GetDirectoryName(RepositoryFiles.PathOf("examples/provisioner/opentofu/main.tf"))!;
        _environment["SCYLLABOT_STATES"] = Path.Combine(_folder, "states");
        _environment["SCYLLABOT_SECRETS"] = "/dev/null";
    }

    private Provisioner Provisioner => Provisioner.Of(Context(ClusterEnvironment.Staging));

    [JqFact]
    public async Task It_makes_what_the_inventory_names_tells_it_and_takes_it_away()
    {
        Assert.Equal(new ProvisionPlan(4, 0, 0), await Provisioner.PlanAsync(default));
        Assert.All(await Provisioner.DescribeAsync(default), h => Assert.Equal(HostState.Absent, h.State));

        await Provisioner.ProvisionAsync(default);
        await Provisioner.ProvisionAsync(default);
        var hosts = await Provisioner.DescribeAsync(default);
        Assert.Null(ProvisionWire.WhyNotReady(_bed.Cluster, hosts));
        ProvisionWire.RefuseOthers(_bed.Cluster, hosts);
        Assert.All(hosts, h => Assert.Equal("8", h.Facts!["size"]));
        Assert.Equal(new ProvisionPlan(0, 0, 0), await Provisioner.PlanAsync(default));

        await Provisioner.DestroyAsync(default);
        Assert.All(await Provisioner.DescribeAsync(default), h => Assert.Equal(HostState.Absent, h.State));
    }

    [JqFact]
    public async Task One_that_gets_half_way_says_so_and_goes_on_when_it_is_asked_again()
    {
        _environment["FAKE_QUOTA"] = "2";
        var half = await Assert.ThrowsAsync<RecoverableException>(() => Provisioner.ProvisionAsync(default));
        Assert.Contains("what was made is kept", half.Message, StringComparison.Ordinal);
        Assert.Equal(new ProvisionPlan(2, 0, 0), await Provisioner.PlanAsync(default));

        _environment.Remove("FAKE_QUOTA");
        await Provisioner.ProvisionAsync(default);
        Assert.Null(ProvisionWire.WhyNotReady(_bed.Cluster, await Provisioner.DescribeAsync(default)));
    }

    [JqFact]
    public async Task A_plan_that_would_make_a_host_anew_counts_it_as_destroyed_and_is_not_carried_out()
    {
        await Provisioner.ProvisionAsync(default);
        _environment["FAKE_ANEW"] = "true";
        Assert.Equal(new ProvisionPlan(0, 0, 4), await Provisioner.PlanAsync(default));
        var refused = await Assert.ThrowsAsync<UnrecoverableException>(() => Provisioner.ProvisionAsync(default));
        Assert.Contains("it would destroy hosts", refused.Message, StringComparison.Ordinal);
    }

    [JqFact]
    public async Task Machines_that_can_not_be_looked_at_are_not_told_as_gone()
    {
        await Provisioner.ProvisionAsync(default);
        _environment["FAKE_BLIND"] = "1";
        await Assert.ThrowsAsync<RecoverableException>(() => Provisioner.DescribeAsync(default));
    }

    [JqFact]
    public async Task R17_it_refuses_production_itself()
    {
        var production = Provisioner.Of(Context(ClusterEnvironment.Production));
        var refused = await Assert.ThrowsAsync<UnrecoverableException>(() => production.DestroyAsync(default));
        Assert.Contains("is production", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _bed.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ClusterContext Context(ClusterEnvironment environment) => _bed.Node with
    {
        Cluster = _bed.Cluster with { Environment = environment }, Commands = new ScriptChannel(_environment),
        // Receipts are not what is tried here: each call stands for an attempt of its own.
        Receipts = new ReceiptBook([]),
    };

    /// <summary>The runner: whatever is asked for, the example's script is what runs.</summary>
    private sealed class ScriptChannel(IReadOnlyDictionary<string, string> environment) : ICommandChannel
    {
        public async Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct)
        {
            var start = new ProcessStartInfo("/bin/bash", ["-p", RepositoryFiles.PathOf("examples/provisioner/opentofu/provision"), .. command.Argv.Skip(1)])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            using var script = Process.Start(start)!;
            await script.StandardInput.BaseStream.WriteAsync(command.Stdin, ct);
            script.StandardInput.Close();
            var (said, errors) = (script.StandardOutput.ReadToEndAsync(ct), script.StandardError.ReadToEndAsync(ct));
            await script.WaitForExitAsync(ct);
            return new CommandResult(script.ExitCode, await said + (script.ExitCode == 0 ? "" : await errors));
        }

        public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => Task.CompletedTask;
    }
}

/// <summary>A test of what needs bash and jq.</summary>
internal sealed class JqFactAttribute : FactAttribute
{
    public JqFactAttribute()
    {
        if (!File.Exists("/usr/bin/jq") || !File.Exists("/bin/bash"))
        {
            Skip = "bash and jq are not here: apt-get install jq";
        }
    }
}
