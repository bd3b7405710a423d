using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Scylla.Watching;

public sealed class SaltTests
{
    public static TheoryData<SaltVia> Ways => [SaltVia.Node, SaltVia.Api];

    [Theory, MemberData(nameof(Ways))]
    public void A_highstate_is_applied_once_and_a_plan_shows_its_diff_before(SaltVia via)
    {
        using var bed = new WatchBed();
        var highstate = new SaltHighstate { Via = via };
        var diff = bed.Do(() => highstate.DiffAsync(bed.Of("b1"), CancellationToken.None));
        Assert.Equal("/srv/salt/out/b1.conf", Assert.Single(diff.Changed).Id);
        Assert.Contains("New file", diff.Changed[0].Changes, StringComparison.Ordinal);
        Assert.Empty(bed.Effects);

        bed.Run(highstate);
        bed.Run(highstate);
        Assert.Equal(["b1 salt-scylla"], bed.Effects);
        Assert.Contains("highstate is applied: 1 states, 1 changed", bed.Log);
        Assert.Empty(bed.Do(() => highstate.DiffAsync(bed.Of("b1"), CancellationToken.None)).Changed);
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_state_that_failed_calls_a_human_and_says_which(SaltVia via)
    {
        using var bed = new WatchBed();
        var failure = Assert.Throws<UnrecoverableException>(() => bed.Run(new SaltApply { State = "broken", Via = via }));
        Assert.EndsWith("1 of 1 states failed: nope: Command \"/bin/false\" run", failure.Message, StringComparison.Ordinal);

        bed.Stamp = bed.Stamp with { Attempt = 2 };

        // 200 and retcode 1, with a list of sentences where states are expected.
        failure = Assert.Throws<UnrecoverableException>(() => bed.Run(new SaltApply { State = "no-such", Via = via }));
        Assert.Contains("No matching sls found for 'no-such'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Loss.Before), InlineData(Loss.After)]
    public void Over_the_api_the_job_id_is_the_receipt_R12(Loss loss)
    {
        using var bed = new WatchBed();
        var posts = 0;

        // The third POST starts the job: a login and a ping come before it.
        bed.Ports.Fate = call => call.Changes && ++posts == 3 ? loss : Loss.None;
        var apply = new SaltApply { State = "scylla.sysctl", Via = SaltVia.Api };
        if (loss == Loss.Before)
        {
            Assert.Throws<RecoverableException>(() => bed.Run(apply));
        }

        bed.Run(apply);
        bed.Salt.Minions.Version++;
        bed.Run(apply);
        Assert.Equal(["b1 salt-scylla.sysctl"], bed.Effects);

        bed.Stamp = bed.Stamp with { Attempt = 2 };
        bed.Run(apply);
        Assert.Equal(2, bed.Effects.Count());
    }

    [Fact]
    public void Who_does_not_answer_or_is_not_known_is_told_apart()
    {
        using var bed = new WatchBed();
        var apply = new SaltApply { State = "x", Via = SaltVia.Api };
        bed.Salt.Minions.Dead.Add("b1");
        Assert.Equal("b1: minion b1 does not answer", Assert.Throws<RecoverableException>(() => bed.Run(apply)).Message);

        bed.Cluster = bed.Cluster with { Nodes = [.. bed.Cluster.Nodes.Select(n => n with { Labels = n.Labels.Add("salt_minion", "other") })] };
        Assert.Equal("b1: Salt knows no minion other", Assert.Throws<UnrecoverableException>(() => bed.Run(apply)).Message);
        Assert.Contains("knows no minion other", bed.Do(() => apply.DiffAsync(bed.Of("b1"), CancellationToken.None)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_password_is_a_401_with_a_page_and_no_secret_in_the_sentence()
    {
        using var bed = new WatchBed();
        bed.Salt.Password = "another";
        var failure = Assert.Throws<UnrecoverableException>(() => bed.Run(new SaltHighstate { Via = SaltVia.Api }));
        Assert.Equal("salt-api: 401: user, password, token or eauth is not accepted", failure.Message);
    }

    [Fact]
    public void The_password_travels_as_a_reference_and_the_master_tells_who_is_up()
    {
        using var bed = new WatchBed();
        HttpCall? login = null;
        var http = new Spy(bed.Ports, call => login ??= call);
        var salt = bed.Do(() => Salt.LoginAsync(bed.Cluster.Salt!, http, CancellationToken.None));
        Assert.Equal(WatchBed.Password, Assert.Single(login!.Secrets));
        Assert.Contains("{{secret env:SALT_PASSWORD}}", System.Text.Encoding.UTF8.GetString(login.Body.Span), StringComparison.Ordinal);

        bed.Salt.Minions.Dead.Add("c1");
        var (up, down) = bed.Do(() => salt.MinionsAsync(CancellationToken.None));
        Assert.Equal("b1 b2 d1, without c1", $"{string.Join(' ', up)}, without {string.Join(' ', down)}");
        Assert.Null(bed.Do(() => salt.JobAsync("20260101000000000000", CancellationToken.None)));
        Assert.Equal("'nope.nope' is not available.", bed.Do(() => salt.TestAsync("b1", "nope.nope", null, CancellationToken.None)).Error);
    }

    [Fact]
    public void A_playbook_runs_once_on_the_runner_limited_to_the_node()
    {
        using var bed = new WatchBed();
        var playbook = new AnsiblePlaybook { Playbook = "scylla.yml", Tags = ["sysctl"] };
        Assert.Contains("+fs.aio-max-nr", bed.Do(() => playbook.DiffAsync(bed.Of("b1"), CancellationToken.None)), StringComparison.Ordinal);
        Assert.Empty(bed.Effects);

        var ran = new List<Call>();
        bed.Ports.Saw = ran.Add;
        bed.Run(playbook);
        bed.Run(playbook);
        bed.Run(playbook, "c1");
        Assert.Equal(["b1 salt-ansible", "c1 salt-ansible"], bed.Effects);
        Assert.All(ran, call => Assert.Equal("d1", call.Node));
        Assert.Equal("ansible-playbook --limit b1 -i /srv/ansible/hosts.ini --tags sysctl /srv/ansible/scylla.yml", ran[0].What);
    }

    [Fact]
    public void A_playbooks_exit_code_tells_whether_another_attempt_helps()
    {
        using var bed = new WatchBed();
        Assert.Contains("exit 4", Assert.Throws<RecoverableException>(() => bed.Run(new AnsiblePlaybook { Playbook = "unreachable.yml" })).Message, StringComparison.Ordinal);
        bed.Stamp = bed.Stamp with { Attempt = 2 };
        Assert.Contains("failed=1", Assert.Throws<UnrecoverableException>(() => bed.Run(new AnsiblePlaybook { Playbook = "broken.yml" })).Message, StringComparison.Ordinal);
        bed.Cluster = bed.Cluster with { Ansible = null };
        Assert.Throws<UnrecoverableException>(() => bed.Run(new AnsiblePlaybook { Playbook = "scylla.yml" }));
    }

    [Fact]
    public void A_runner_that_is_no_node_is_reached_by_ssh_alone()
    {
        using var bed = new WatchBed();
        var runner = Ansible.RunnerOf(bed.Cluster with { Ansible = new("ops@deploy.example", "/srv/ansible", "hosts.ini") });
        Assert.Equal(("ops@deploy.example", "ops@deploy.example"), (runner.Name, runner.Access!.SshHost));
        Assert.Null(runner.Commands);
    }

    private sealed class Spy(IHttpExchange under, Action<HttpCall> saw) : IHttpExchange
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
        {
            saw(call);
            return under.SendAsync(call, ct);
        }
    }
}
