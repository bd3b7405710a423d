using System.Text.RegularExpressions;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests;

/// <summary>The listings of docs/writing-a-task.md are the files themselves: compiled, and run by their own tests.</summary>
public sealed partial class WorkedExampleTests
{
    private const string Page = "docs/writing-a-task.md";

    public static TheoryData<string, string> Listings
    {
        get
        {
            var listings = new TheoryData<string, string>();
            foreach (Match listing in Listing().Matches(RepositoryFiles.Read(Page)))
            {
                listings.Add(listing.Groups["file"].Value, listing.Groups["code"].Value);
            }

            return listings;
        }
    }

    [Theory, MemberData(nameof(Listings))]
    public void Every_listing_stands_in_the_file_that_it_is_from(string file, string code) =>
        Assert.Contains(Even(code), Even(RepositoryFiles.Read(file)), StringComparison.Ordinal);

    [Fact]
    public void Every_piece_of_code_on_the_page_says_which_file_it_is_from()
    {
        var page = RepositoryFiles.Read(Page);
        Assert.True(Listings.Count >= 6, "the page has lost its listings");
        Assert.Equal(Fence().Count(page), Listings.Count);
    }

    /// <summary>A part of a file is indented less on the page.</summary>
    private static string Even(string text) => string.Join('\n', text.Split('\n').Select(l => l.Trim()));

    [GeneratedRegex("^<!-- from (?<file>[A-Za-z0-9_./-]+) -->\n```[a-z]+\n(?<code>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Listing();

    [GeneratedRegex("^```(csharp|yaml|text)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Fence();
}
