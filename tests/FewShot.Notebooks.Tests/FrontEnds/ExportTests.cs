namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>A notebook run through the kernel and exported by nbconvert, as pages are sent to others.</summary>
public class ExportTests(CourseJupyter jupyter)
{
    [Fact(Explicit = true)]
    public async Task Should_DrawEveryChart_When_TheExportIsOpenedWithNoNetwork()
    {
        var python = Programs.Nbconvert();
        Programs.Nbclient();
        var executed = await jupyter.ExecuteAsync("01-transfer-learning.ipynb");
        var folder = jupyter.NewFolder();
        await jupyter.RunAsync(python, "-m", "nbconvert", "--to", "html", "--output-dir", folder, executed.Path);

        await using var browser = await LocalBrowser.StartAsync();
        await browser.Page.GotoAsync(new Uri(Path.Combine(folder, "01-transfer-learning.html")).AbsoluteUri);
        Assert.True(await DrawnCharts.AllDrawnAsync(browser, "01-export") > 0, "No chart is on the page.");
    }

    [Fact(Explicit = true)]
    public async Task Should_LeaveAStillPictureOfEveryChart_When_ScriptsDoNotRun()
    {
        Programs.Nbclient();
        var executed = await jupyter.ExecuteAsync("01-transfer-learning.ipynb");
        var charts = executed.Cells.SelectMany(cell => cell.Outputs)
            .Select(output => output!["data"])
            .Where(data => data?["text/html"]?.ToJsonString().Contains("data-fewshot-chart", StringComparison.Ordinal) == true)
            .ToList();
        Assert.NotEmpty(charts);
        Assert.All(charts, data => Assert.StartsWith("iVBORw0KGgo", (string?)data!["image/png"], StringComparison.Ordinal));
    }
}
