using ScyllaBot.Core.Clusters;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Tests.Ssh;

/// <summary>Connections and their folder, with a program in ssh's place.</summary>
public sealed class SshConnectionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ssh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_client_that_still_writes_while_it_ends_does_not_break_the_end()
    {
        // Told to connect it makes the socket; told to end it goes on making files for a while.
        var program = Program("""
            #!/bin/sh
            for word; do [ "$before" != -S ] || socket=$word; before=$word; done
            case "$*" in
              *' -O exit '*)
                folder=${socket%/*}
                echo "$folder" > "$0.folder"
                ( i=0; while [ $i -lt 4000 ] && [ -d "$folder" ]; do i=$((i + 1)); : > "$folder/$i"; done ) > /dev/null 2>&1 &
                ;;
              *) : > "$socket" ;;
            esac
            """);
        var connections = new SshConnections(new SshSettings { Program = program });
        await connections.Of(new NodeAccess { SshHost = "node-1" }).SocketAsync(default);

        await connections.DisposeAsync();

        Assert.False(Directory.Exists(File.ReadAllText(program + ".folder").Trim()));
    }

    private string Program(string text)
    {
        var path = Path.Combine(_folder, "ssh");
        File.WriteAllText(path, text.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
