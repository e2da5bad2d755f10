using FewShot.Charts;
using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>A page of the course with one chart, in a browser.</summary>
public sealed class ChartPageTests : IAsyncLifetime
{
    private const string Box = "<div id=\"box\" class=\"rich\" style=\"width:640px\"></div>";

    private static readonly string Chart = ChartHtml.Fragment(LearningCurves.Loss([1, 0.6], [1.1, 0.8], note: "Two epochs on 500 images."));

    private LocalBrowser? browser;

    private IPage Page => browser!.Page;

    public async ValueTask InitializeAsync() => browser = await LocalBrowser.StartAsync();

    public ValueTask DisposeAsync() => browser!.DisposeAsync();

    [Fact(Explicit = true)]
    public async Task Should_BeReadable_When_ThePageTurnsDarkAndIsPrinted()
    {
        await OpenAsync($"<div class=\"rich\">{Chart}</div>{ChartHtml.Script()}");
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        AssertReadable(await DrawnAsync());
        await browser!.KeepAsync("page-dark");
        await Page.EmulateMediaAsync(new() { Media = Media.Print });
        AssertReadable(await DrawnAsync());
    }

    [Fact(Explicit = true)]
    public async Task Should_FillItsBox_When_ThatIsShownLater()
    {
        await OpenAsync($"{ChartHtml.Script()}<div class=\"rich\" id=\"box\" style=\"display:none\">{Chart}</div>");
        await Page.EvaluateAsync("() => { box.style = 'width:640px'; }");
        Assert.Equal(640 - (2 * 0.2 * 17), (await DrawnAsync()).Width, 1.0);
    }

    [Fact(Explicit = true)]
    public async Task Should_BeDrawn_When_ItsBoxComesAfterItsScript()
    {
        await OpenAsync(ChartHtml.Script() + Chart[Chart.IndexOf("<script>", StringComparison.Ordinal)..] + Box);
        await Page.EvaluateAsync("html => { box.innerHTML = html; }", Chart);
        Assert.True((await DrawnAsync()).IsDrawn);
    }

    [Fact(Explicit = true)]
    public async Task Should_KeepItsZoom_When_ItsBoxBecomesNarrower()
    {
        await OpenAsync($"<div class=\"rich\" id=\"box\" style=\"width:640px\">{Chart}</div>{ChartHtml.Script()}");
        await DrawnAsync();
        var whole = await RangeAsync();
        var plot = (await Page.Locator(".nsewdrag").BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(plot.X + 100, plot.Y + 40);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(plot.X + 300, plot.Y + 200, new() { Steps = 4 });
        await Page.Mouse.UpAsync();
        var zoomed = await RangeAsync();
        Assert.NotEqual(whole, zoomed);
        await Page.EvaluateAsync("() => { box.style.width = '400px'; }");
        await Page.WaitForFunctionAsync("() => document.querySelector('svg.main-svg').clientWidth < 400");
        Assert.Equal(zoomed, await RangeAsync());
    }

    private static void AssertReadable(ChartLook chart) => Assert.True(chart.HasThePagesGround && chart.Contrast > 4.5, $"{chart}");

    private Task<double[]> RangeAsync() =>
        Page.EvaluateAsync<double[]>("() => document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range");

    private async Task OpenAsync(string body)
    {
        var style = await File.ReadAllTextAsync(Path.Combine(Course.Root, "src", "FewShot.Kernel", "Pages", "page.css"));
        await Page.SetContentAsync($"<!DOCTYPE html><html><head><style>{style}</style></head><body>{body}</body></html>");
    }

    private async Task<ChartLook> DrawnAsync()
    {
        await Page.WaitForSelectorAsync("svg.main-svg .trace");
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return Assert.Single(await DrawnCharts.LookAsync(Page));
    }
}
