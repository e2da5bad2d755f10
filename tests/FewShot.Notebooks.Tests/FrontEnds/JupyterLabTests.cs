namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>Charts as a person meets them in JupyterLab; it runs for most of a minute.</summary>
public sealed class JupyterLabTests(LabPage lab) : IClassFixture<LabPage>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => new(lab.RunOnceAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(Explicit = true)]
    public void Should_DrawEveryChart_When_AllCellsAreRun() => Assert.Equal([true, true, true], Look("ran").Select(chart => chart.IsDrawn));

    [Fact(Explicit = true)]
    public void Should_LeaveTheNumberEmpty_When_AnErrorSkipsTheCell() =>
        Assert.Equal(["[1]:", "[2]:", "[3]:", "[4]:", "[ ]:"], lab.Prompts);

    [Theory(Explicit = true)]
    [InlineData("narrow")]
    [InlineData("narrower")]
    public void Should_StayInsideItsPanel_When_TheSideBarOpens(string step) => Assert.All(Look(step).Zip(Look("ran")), chart =>
    {
        Assert.InRange(chart.First.Overhang, 0, 1);
        Assert.InRange(chart.First.Width, 200, chart.Second.Width);
    });

    [Theory(Explicit = true)]
    [InlineData("dark")]
    [InlineData("light")]
    public void Should_BeReadable_When_TheThemeChanges(string step) =>
        Assert.All(Look(step), chart => Assert.True(chart.HasThePagesGround && chart.Contrast > 4.5, $"{chart}"));

    [Fact(Explicit = true)]
    public void Should_ShowTheWholeName_When_APointIsPointedAt()
    {
        // A long name stands on several lines.
        Assert.Contains(LabPage.LongName.Replace(" ", "", StringComparison.Ordinal), lab.Hover.Replace(" ", "", StringComparison.Ordinal));
        Assert.All(Look("hover"), chart => Assert.InRange(chart.Overhang, 0, 1));
    }

    [Theory(Explicit = true)]
    [InlineData("reloaded")]
    [InlineData("untrusted")]
    public void Should_ShowStillPictures_When_TheCellThatBroughtTheLibraryHasAnotherOutputOrScriptsAreNotTrusted(string step) =>
        Assert.Equal([true, true], Look(step).Select(chart => chart.ShowsStill && chart.Overhang <= 1));

    [Fact(Explicit = true)]
    public void Should_DrawEveryChart_When_TheLibraryComesBack() =>
        Assert.Equal([true, true, true], Look("run-again").Select(chart => chart.IsDrawn));

    private IReadOnlyList<ChartLook> Look(string step) => lab.Looks[step];
}
