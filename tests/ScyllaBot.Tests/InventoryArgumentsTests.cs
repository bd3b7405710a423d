using ScyllaBot.Core.Clusters;
using ScyllaBot.Real;

namespace ScyllaBot.Tests;

public sealed class InventoryArgumentsTests
{
    [Fact]
    public void An_import_is_read_whole()
    {
        var (read, error) = InventoryArguments.Parse(
            ["import", "--from-node", "a,b", "--name", "messages", "--transport", "ssh-exec", "--ssh-user", "ops", "--agent-token", "env:TOKEN", "--out", "x.yaml"]);
        Assert.Null(error);
        Assert.Equal(
            ("a,b", "messages", NodeTransport.SshExec, "ops", "env:TOKEN", "x.yaml"),
            (read!.FromNode, read.Name, read.Transport, read.SshUser, read.AgentToken?.Text, read.Out));
    }

    [Theory]
    [InlineData("import", "needs one of --from-node, --from-file and --from-ansible")]
    [InlineData("import --from-node a --from-file b", "needs one of")]
    [InlineData("import --from-node", "--from-node needs a value")]
    [InlineData("import --from-node a --transport smoke", "there are ssh, ssh_exec, direct and agent")]
    [InlineData("import --from-node a --agent-token hunter2", "--agent-token says where the token is")]
    [InlineData("check", "inventory check needs one file")]
    [InlineData("export", "inventory export is unknown")]
    public void What_is_wrong_is_said_and_no_secret_with_it(string line, string says)
    {
        var (read, error) = InventoryArguments.Parse(line.Split(' '));
        Assert.Null(read);
        Assert.Contains(says, error);
        Assert.DoesNotContain("hunter2", error);
    }
}
