using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>The pages of the site in a browser, on a telephone and on a desk, light and dark.</summary>
public sealed partial class SiteTests(PublishedSite site) : IClassFixture<PublishedSite>
{
    private static readonly int[] Widths = [390, 1280];

    [Fact(Explicit = true)]
    public async Task Should_BeReadableEverywhere_When_EveryPageIsOpened()
    {
        var check = await File.ReadAllTextAsync(
            Path.Combine(Course.Root, "tests", "FewShot.Notebooks.Tests", "FrontEnds", "site-check.js"),
            TestContext.Current.CancellationToken);
        await using var browser = await LocalBrowser.StartAsync();
        List<string> problems = [], report = [];
        var page = string.Empty;
        browser.Page.PageError += (_, error) => problems.Add($"{page}: {error}");
        browser.Page.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add($"{page}: {message.Text}");
        };
        browser.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                problems.Add($"{page}: asks for {request.Url}");
        };
        foreach (var path in site.Tops.SelectMany(Pages))
        {
            page = Path.GetRelativePath(Path.GetDirectoryName(site.Tops[0])!, path);
            foreach (var width in Widths)
            {
                await browser.Page.SetViewportSizeAsync(width, 860);
                await browser.Page.GotoAsync(new Uri(path).AbsoluteUri);
                await browser.Page.WaitForFunctionAsync(
                    "() => [...document.querySelectorAll('[data-fewshot-chart]')].every(chart => chart.querySelector('svg.main-svg'))");
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    await browser.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    var found = await browser.Page.EvaluateAsync<string[]>(check);
                    problems.AddRange(found.Select(problem => $"{page}, {width} px, {scheme}: {problem}"));
                    report.Add($"{page}, {width} px, {scheme}: {found.Length} problems");
                }
            }
        }

        var file = Path.Combine(Course.Root, "artifacts", "site-report.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllLinesAsync(
            file, problems.Append($"{problems.Count} problems").Concat(report), TestContext.Current.CancellationToken);
        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(40)));
        Assert.InRange(report.Count, 4 * site.Tops.Count, int.MaxValue);
    }

    [Fact(Explicit = true)]
    public async Task Should_LeadSomewhereOnTheSite_When_ALinkIsRelative()
    {
        List<string> broken = [];
        foreach (var top in site.Tops)
        {
            foreach (var path in Pages(top))
            {
                var html = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
                foreach (Match link in Address().Matches(Scripts().Replace(html, string.Empty)))
                {
                    var address = System.Net.WebUtility.HtmlDecode(link.Groups[1].Value);
                    if (address.Length == 0 || Elsewhere().IsMatch(address))
                        continue;
                    var parts = address.Split('#', 2);
                    var target = parts[0].Length == 0 ? path
                        : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, Uri.UnescapeDataString(parts[0])));
                    var isThere = File.Exists(target) && target.StartsWith(top, StringComparison.Ordinal);
                    if (!isThere || (parts.Length > 1 && !await HasAsync(target, parts[1])))
                    {
                        broken.Add($"{Path.GetRelativePath(top, path)} -> {address}");
                    }
                }
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken.Take(40)));
    }

    [Fact(Explicit = true)]
    public async Task Should_FindASection_When_WordsAreSearched()
    {
        await using var browser = await LocalBrowser.StartAsync();
        await browser.Page.GotoAsync(new Uri(Path.Combine(site.Tops[0], "search.html")).AbsoluteUri);
        await browser.Page.GetByRole(AriaRole.Searchbox).FillAsync("backbone fast");
        await Assertions.Expect(browser.Page.Locator("[data-results] a").First).ToContainTextAsync("How fast is the backbone here?");
        await browser.Page.GetByRole(AriaRole.Searchbox).FillAsync("zebrafish quarks");
        await Assertions.Expect(browser.Page.Locator("[data-results]")).ToHaveTextAsync("Nothing found.");
    }

    [Fact(Explicit = true)]
    public async Task Should_TurnDark_When_TheSwitchIsPressed()
    {
        await using var browser = await LocalBrowser.StartAsync();
        await browser.Page.GotoAsync(new Uri(Path.Combine(site.Tops[0], "index.html")).AbsoluteUri);
        await browser.Page.Locator("[data-theme-switch]").ClickAsync();
        await Assertions.Expect(browser.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(20, 24, 30)");
    }

    [Fact(Explicit = true)]
    public async Task Should_GoToTheNextSlide_When_AnArrowIsPressed()
    {
        await using var browser = await LocalBrowser.StartAsync();
        await browser.Page.GotoAsync(new Uri(Path.Combine(site.Tops[0], "slides", "00-setup-check.html")).AbsoluteUri);
        await browser.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(browser.Page.Locator(".slide").Nth(1)).ToBeInViewportAsync(new() { Ratio = 0.9f });
        await Assertions.Expect(browser.Page.Locator(".slide").First).Not.ToBeInViewportAsync(new() { Ratio = 0.2f });
    }

    private static async Task<bool> HasAsync(string page, string anchor) =>
        (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).Contains($"id=\"{anchor}\"", StringComparison.Ordinal);

    private static IEnumerable<string> Pages(string top) =>
        Directory.EnumerateFiles(top, "*.html", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Address();

    [GeneratedRegex("^(?:https?|mailto|data):")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("<script>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();
}
