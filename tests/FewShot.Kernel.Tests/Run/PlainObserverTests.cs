using FewShot.Kernel.Cells;
using FewShot.Kernel.Run;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Run;

public class PlainObserverTests
{
    [Fact]
    public void Should_StayQuiet_When_ReportsComeFast()
    {
        using var writer = new StringWriter();
        var observer = new PlainObserver(writer, TimeSpan.FromHours(1));
        observer.CellStarted(1);
        for (var i = 0; i < 100; i++)
            observer.Report(new StepProgress("work", i, 100));
        Assert.Empty(writer.ToString());
    }

    [Fact]
    public void Should_TellStepAndNote_When_ItIsTime()
    {
        using var writer = new StringWriter();
        new PlainObserver(writer, TimeSpan.Zero).Report(new StepProgress("features", 1200, 10_000, "8 images/s"));
        Assert.Equal("    features: 1,200/10,000 (8 images/s)", writer.ToString().TrimEnd());
    }

    [Fact]
    public void Should_TellTheCellsTime_When_ItEnds()
    {
        using var writer = new StringWriter();
        var observer = new PlainObserver(writer);
        observer.NotebookStarted("01-probe", 3);
        observer.CellFinished(2, new CellResult(CellStatus.Succeeded, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2), null));
        Assert.Equal(["01-probe (3 cells)", "  cell 2/3  2.5 s"], writer.ToString().TrimEnd().Split(Environment.NewLine));
    }
}
