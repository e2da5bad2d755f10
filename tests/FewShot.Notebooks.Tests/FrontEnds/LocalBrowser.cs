using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>The system's Chromium with one page, cut off from everything but this machine.</summary>
internal sealed class LocalBrowser : IAsyncDisposable
{
    // A page on a busy machine is slow; a test that fails waits this long once.
    private static readonly float Patience = (float)TimeSpan.FromMinutes(4).TotalMilliseconds;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private LocalBrowser(IPlaywright playwright, IBrowser browser, IPage page) =>
        (this.playwright, this.browser, Page) = (playwright, browser, page);

    public IPage Page { get; }

    public static async Task<LocalBrowser> StartAsync()
    {
        var program = Programs.Chromium();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Timeout = Patience,
            Args =
            [
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1180, Height = 860 } });
        page.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        await page.RouteAsync(address => new Uri(address) is { IsLoopback: false, Scheme: "http" or "https" }, route => route.AbortAsync());
        return new LocalBrowser(playwright, browser, page);
    }

    /// <summary>Keeps what the page shows as a picture that a person can look at.</summary>
    public async Task KeepAsync(string name) =>
        await Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(Course.Root, "artifacts", "screenshots", $"{name}.png"),
        });

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
