using System.Text;
using System.Text.Json;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Tests;

public sealed class SecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_value_with_quotes_stays_one_json_string()
    {
        const string Value = "p\"a\\ss'é+&";
        var secret = File("a+b&c", Value);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { password = secret.Placeholder, user = "u" });

        var sent = JsonDocument.Parse(Secrets.Fill(body, [secret], json: true));

        Assert.Equal(Value, sent.RootElement.GetProperty("password").GetString());
    }

    [Fact]
    public void What_a_value_contains_is_not_looked_at_again()
    {
        var one = File("one", "1");
        var two = File("two", one.Placeholder);

        Assert.Equal($"{one.Placeholder} 1", Encoding.UTF8.GetString(Secrets.Fill(Encoding.UTF8.GetBytes($"{two.Placeholder} {one.Placeholder}"), [one, two]).Span));
    }

    [Fact]
    public void A_file_that_everybody_may_read_is_refused()
    {
        var secret = File("open", "value");
        System.IO.File.SetUnixFileMode(Path.Combine(_folder, "open"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Refused(secret, "everybody may read");
    }

    [Fact]
    public void What_can_not_be_had_is_refused_by_its_reference()
    {
        Refused(SecretRef.TryParse("env:SCYLLABOT_NO_SUCH_SECRET")!, "env:SCYLLABOT_NO_SUCH_SECRET");
        Refused(SecretRef.TryParse($"file:{_folder}/nothing")!, "nothing");
    }

    [Fact]
    public void A_header_takes_no_line_ends()
    {
        var secret = File("lines", "a\r\nX-Other: b");

        var refused = Assert.Throws<ExchangeException>(() => Secrets.Fill($"Bearer {secret.Placeholder}", [secret]));

        Assert.DoesNotContain("X-Other", refused.ToString());
    }

    private void Refused(SecretRef secret, string says)
    {
        var refused = Assert.Throws<ExchangeException>(() => Secrets.Fill(Encoding.UTF8.GetBytes(secret.Placeholder), [secret]));

        Assert.Equal(ExchangeFailure.NotConnected, refused.Failure);
        Assert.Contains(says, refused.Message);
    }

    private SecretRef File(string name, string value)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, value + "\n");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return SecretRef.TryParse($"file:{path}")!;
    }
}
