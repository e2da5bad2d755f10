using System.Text.Json;
using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>One chart as a page shows it.</summary>
/// <param name="IsDrawn">Whether plotly.js has drawn it.</param>
/// <param name="ShowsStill">Whether its still picture is seen.</param>
/// <param name="Width">How wide it is.</param>
/// <param name="Overhang">By how many pixels it, or a text in it, reaches beyond the right edge of what shows it; 0 for not at all.</param>
/// <param name="Contrast">Of the text that is hardest to read, with what is behind it: 1 to 21.</param>
/// <param name="HasThePagesGround">Whether it stands on the colour of the page around it.</param>
internal sealed record ChartLook(
    bool IsDrawn, bool ShowsStill, double Width, double Overhang, double Contrast, bool HasThePagesGround);

/// <summary>The charts of a page.</summary>
internal static class DrawnCharts
{
    // The texts beside the data: those on bars and in a matrix have the colour of the data behind them.
    private const string Look =
        """
        () => {
          const numbers = colour => colour.match(/[\d.]+/g).map(Number);
          const light = colour => numbers(colour).slice(0, 3)
            .map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
          const behind = element => {
            for (let at = element; at; at = at.parentElement) {
              const colour = getComputedStyle(at).backgroundColor;
              if ((numbers(colour)[3] ?? 1) > 0.5) return colour;
            }
            return 'rgb(255, 255, 255)';
          };
          const contrast = text => {
            const both = [light(getComputedStyle(text).fill), light(behind(text))].sort((a, b) => b - a);
            return (both[0] + 0.05) / (both[1] + 0.05);
          };
          const right = element => element.getBoundingClientRect().right;
          // Where scripts are not trusted, the attribute that marks a box is gone too: the picture is left.
          const boxes = document.querySelectorAll('[data-fewshot-chart], :not([data-fewshot-chart]) > img[alt^="Chart"]');
          return JSON.stringify([...boxes].map(box => {
            const still = [box, ...box.querySelectorAll('img')].find(img => img.naturalWidth > 0 && img.offsetWidth > 0);
            const svg = box.querySelector('svg.main-svg');
            const texts = [...box.querySelectorAll(
              '.gtitle, .xtick text, .ytick text, .xtitle, .ytitle, .legendtext, .annotation-text, .shape-label text, .hoverlayer text')]
              .filter(text => text.textContent);
            const panel = right(box.closest('.jp-OutputArea-output, .rich') ?? document.body);
            return {
              isDrawn: !!box.querySelector('svg.main-svg .trace, svg.main-svg .hm image'),
              showsStill: !!still,
              width: (svg ?? still ?? box).getBoundingClientRect().width,
              overhang: Math.max(
                0,
                ...[svg, still].filter(shown => shown).map(shown => right(shown) - panel),
                ...texts.map(text => right(text) - right(svg))),
              contrast: Math.min(21, ...texts.map(contrast)),
              hasThePagesGround: !!svg && behind(svg) === behind(box.parentElement),
            };
          }));
        }
        """;

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

    /// <summary>Each as it is seen now.</summary>
    public static async Task<IReadOnlyList<ChartLook>> LookAsync(IPage page) =>
        JsonSerializer.Deserialize<ChartLook[]>(await page.EvaluateAsync<string>(Look), JsonSerializerOptions.Web)!;
}
