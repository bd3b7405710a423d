namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A role that may log in, and what its password is.</summary>
internal sealed record CqlLogin(string Username, string Password)
{
    /// <summary>As cqlsh reads its credentials file: a section named after the authenticator, with username and password.</summary>
    public static bool IsIn(string? file, CqlLogin login)
    {
        var lines = (file ?? "").Split('\n', StringSplitOptions.TrimEntries);
        var section = Array.IndexOf(lines, "[PlainTextAuthProvider]");
        var options = section < 0 ? [] : lines.Skip(section + 1).TakeWhile(line => !line.StartsWith('[')).ToArray();
        return Of(options, "username") == login.Username && Of(options, "password") == login.Password;
    }

    private static string? Of(string[] options, string name) => options.Select(option => option.Split('=', 2, StringSplitOptions.TrimEntries))
        .Where(option => option.Length == 2 && string.Equals(option[0], name, StringComparison.Ordinal)).Select(option => option[1]).FirstOrDefault();
}
