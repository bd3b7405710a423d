using System.Net;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Tests.Page;

public sealed partial class PageEndpointsTests(PageHost host) : IClassFixture<PageHost>
{
    [Fact]
    public async Task Every_file_the_page_refers_to_is_served_with_its_type_and_the_policy()
    {
        var served = await CrawlAsync();

        // The start page, its style sheets and picture, and modules that only other modules import.
        string[] expected = ["/page/styles/base.css", "/page/bot.svg", "/page/scripts/markdown.js"];
        Assert.All(expected, path => Assert.True(served.ContainsKey(path), path));
        foreach (var (path, response) in served)
        {
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path} answered {response.StatusCode}");
            Assert.Equal(ExpectedType(path), response.Content.Headers.ContentType?.ToString());
            Assert.True(response.Headers.CacheControl?.NoStore, path);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            AssertOnlySelf(Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        }
    }

    [Fact]
    public async Task Every_script_in_the_assembly_is_used_by_the_page()
    {
        var served = await CrawlAsync();
        var embedded = typeof(Sandbox.Page.PageEndpoints).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".js", StringComparison.Ordinal) || name.EndsWith(".css", StringComparison.Ordinal))
            .Select(name => name["ScyllaBot.Sandbox.Page.".Length..]);

        var used = served.Keys.Where(path => path.EndsWith('s')).Select(path => path["/page/".Length..].Replace('/', '.'));
        Assert.Equal(embedded.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/page/nothing.js")]
    [InlineData("/page/")]
    [InlineData("/page/../Program.cs")]
    [InlineData("/page/package.json")]
    public async Task A_file_that_is_not_ours_to_serve_is_not_found(string path)
    {
        using var response = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task The_start_page_holds_no_script_or_style_of_its_own()
    {
        var html = await host.Client.GetStringAsync("/");

        Assert.DoesNotMatch(InlineCode(), html);
        Assert.All(Outside().Matches(html), match => Assert.StartsWith("/page/", match.Groups["url"].Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_script_writes_markup_or_runs_text()
    {
        foreach (var path in (await CrawlAsync()).Keys.Where(path => path.EndsWith(".js", StringComparison.Ordinal)))
        {
            Assert.DoesNotMatch(Dangerous(), await host.Client.GetStringAsync(path));
        }
    }

    private static void AssertOnlySelf(string policy)
    {
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        var sources = policy.Split(';').SelectMany(directive => directive.Trim().Split(' ').Skip(1));
        Assert.All(sources, source => Assert.True(source is "'self'" or "'none'", source));
    }

    private static string ExpectedType(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };

    /// <summary>Follows src and href of the start page, imports of modules, and pictures named in scripts.</summary>
    private async Task<Dictionary<string, HttpResponseMessage>> CrawlAsync()
    {
        var served = new Dictionary<string, HttpResponseMessage>(StringComparer.Ordinal);
        var waiting = new Queue<string>(["/"]);
        while (waiting.TryDequeue(out var path))
        {
            if (served.ContainsKey(path))
            {
                continue;
            }

            var response = await host.Client.GetAsync(path);
            served[path] = response;
            var text = await response.Content.ReadAsStringAsync();
            foreach (Match match in Reference().Matches(text))
            {
                waiting.Enqueue(new Uri(new Uri(host.Client.BaseAddress!, path), match.Groups["url"].Value).AbsolutePath);
            }
        }

        return served;
    }

    [GeneratedRegex("""(?:(?:src|href)="|from '|import '|src: ')(?<url>\.{0,2}/[^"']+)["']""")]
    private static partial Regex Reference();

    [GeneratedRegex("""(?:src|href)="(?<url>[^"]+)""")]
    private static partial Regex Outside();

    [GeneratedRegex("""<style|style=|<script[^>]*>[^<]|\son\w+=""")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function)")]
    private static partial Regex Dangerous();
}
