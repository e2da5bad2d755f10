using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>The charts of a page.</summary>
internal static class DrawnCharts
{
    /// <summary>Waits until each has lines, points, bars or a matrix drawn in it, and keeps a picture of each.</summary>
    /// <returns>How many there are.</returns>
    public static async Task<int> AllDrawnAsync(LocalBrowser browser, string name)
    {
        var charts = browser.Page.Locator("[data-fewshot-chart]");
        var count = await charts.CountAsync();
        for (var i = 0; i < count; i++)
        {
            var chart = charts.Nth(i);
            await Assertions.Expect(chart.Locator("svg.main-svg .trace, svg.main-svg .hm image").First).ToBeAttachedAsync();
            await chart.ScrollIntoViewIfNeededAsync();
            await browser.KeepAsync($"{name}-{i + 1}");
        }

        return count;
    }
}
