using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ScyllaBot.Tests;

/// <summary>What docs and design say about the house, held against the files.</summary>
public sealed partial class ArchitectureTests
{
    private const int MostLines = 250;

    /// <summary>Project → what it may and must reference. A new project needs a line here, and a reason.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["ScyllaBot"] = ["ScyllaBot.Core", "ScyllaBot.Discord", "ScyllaBot.Sandbox", "ScyllaBot.Sqlite", "ScyllaBot.Transports"],
        ["ScyllaBot.Core"] = [],
        ["ScyllaBot.Discord"] = ["ScyllaBot.Core"],
        ["ScyllaBot.Sandbox"] = [],
        ["ScyllaBot.Sqlite"] = ["ScyllaBot.Core"],
        ["ScyllaBot.Transports"] = ["ScyllaBot.Core"],
        ["Scyllactl"] = ["ScyllaBot.Core"],
    };

    [Fact]
    public void Projects_reference_what_the_design_says_and_nothing_else()
    {
        var found = Projects().ToDictionary(p => Path.GetFileNameWithoutExtension(p)!, References, StringComparer.Ordinal);

        Assert.Equal(Show(Arrows), Show(found));
    }

    [Fact]
    public void No_file_is_longer_than_250_lines()
    {
        Assert.Empty(SourceTree.Files.Where(f => File.ReadLines(f).Count() > MostLines).Select(SourceTree.Relative));
    }

    // A task is named after its verb: !systemd-start-service is SystemdStartService. Scylla Manager is a product's name.
    [Fact]
    public void No_type_is_named_manager_helper_service_or_utility()
    {
        var tasks = Path.Combine("Scylla", "Tasks");
        var named = SourceTree.Files.Where(f => !f.Contains(tasks, StringComparison.Ordinal))
            .SelectMany(f => VagueName().Matches(File.ReadAllText(f)).Select(m => $"{SourceTree.Relative(f)}: {m.Groups["name"].Value}"));

        Assert.Empty(named);
    }

    [Fact]
    public void No_folder_is_named_after_a_kind()
    {
        Assert.Empty(Directory.EnumerateDirectories(SourceTree.Src, "*", SearchOption.AllDirectories)
            .Where(d => Path.GetFileName(d) is "Models" or "Services" or "Helpers" or "Utils" or "Managers" or "Common").Select(SourceTree.Relative));
    }

    [Fact]
    public void A_namespace_is_its_project_and_folder()
    {
        var wrong = SourceTree.Files
            .Select(f => (File: f, Declared: Namespace().Match(File.ReadAllText(f)).Groups["name"].Value, Expected: NamespaceOf(f)))
            .Where(x => x.Declared.Length > 0 && x.Declared != x.Expected);

        Assert.Empty(wrong.Select(x => $"{SourceTree.Relative(x.File)}: {x.Declared}, not {x.Expected}"));
    }

    [Fact]
    public void Only_the_programs_have_the_console()
    {
        foreach (var project in Arrows.Keys.Where(p => p is not ("ScyllaBot" or "ScyllaBot.Sandbox" or "Scyllactl")))
        {
            var banned = File.ReadAllText(Path.Combine(SourceTree.Src, project, "BannedSymbols.txt"));
            Assert.Contains("T:System.Console;", banned);
        }
    }

    private static IEnumerable<string> Projects() => Directory.EnumerateFiles(SourceTree.Src, "*.csproj", SearchOption.AllDirectories);

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static string Show(Dictionary<string, string[]> arrows) => string.Join('\n', arrows.OrderBy(a => a.Key, StringComparer.Ordinal)
        .Select(a => $"{a.Key} → {string.Join(", ", a.Value.Order(StringComparer.Ordinal))}"));

    private static string NamespaceOf(string file) =>
        Path.GetDirectoryName(Path.GetRelativePath(SourceTree.Src, file))!.Replace(Path.DirectorySeparatorChar, '.');

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(?!(Sim)?ScyllaManager\b)(?<name>\w*(Manager|Helper|Service|Util|Utility|Utilitie)s?)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();
}
