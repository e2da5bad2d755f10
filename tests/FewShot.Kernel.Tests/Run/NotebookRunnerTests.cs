using FewShot.Course;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Run;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Run;

public sealed class NotebookRunnerTests : IDisposable
{
    private const string ChartCell =
        "FewShot.Charts.LineChart.Of([new FewShot.Charts.Series(\"s\", [1, 2], [3, 4])], \"x\", \"y\", \"Line\")";

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Should_GiveOutputsAndCounts_When_NotebookRuns()
    {
        var result = await Run("# Title", "var x = 2; Console.WriteLine(x);", "x * 2");
        Assert.Null(result.Failure);
        var code = result.Notebook.Cells.Where(cell => cell.IsCode).ToList();
        Assert.Equal([1, 2], code.Select(cell => cell.ExecutionCount));
        Assert.Equal("""[{"name":"stdout","output_type":"stream","text":["2\n"]}]""", code[0].Outputs.ToJsonString());
        Assert.Equal("4", code[1].Outputs[0]!["data"]!["text/plain"]![0]!.ToString());
    }

    [Fact]
    public async Task Should_StopAtTheCell_When_ItFails()
    {
        var result = await Run("1", "throw new Exception(\"no data\");", "3");
        Assert.Equal("cell 2, line 1: System.Exception: no data", result.Failure?.ToString());
        Assert.Equal("cell-1", result.Failure?.CellId);
        Assert.Equal([1, 2, null], result.Notebook.Cells.Select(cell => cell.ExecutionCount));
        Assert.Equal("error", result.Notebook.Cells[1].Outputs.Single()!["output_type"]!.ToString());
    }

    [Fact]
    public async Task Should_GoOn_When_CellIsThereToFail()
    {
        var path = TestNotebook.Of("throw new Exception();", "2").Tagged(0, NotebookRunner.RaisesTag).Save(folder["n.ipynb"]);
        var result = await NotebookRunner.RunAsync(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
        Assert.Equal(2, result.Cells.Count);
    }

    [Fact]
    public async Task Should_KnowNothingOfTheOther_When_TwoNotebooksRun()
    {
        await Run("var only = 1;");
        Assert.Contains("CS0103", (await Run("only")).Failure?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_FindItsOwnFiles_When_PathsAreRelative()
    {
        await File.WriteAllTextAsync(folder["table.txt"], "seen", TestContext.Current.CancellationToken);
        var before = Directory.GetCurrentDirectory();
        var result = await Run("System.IO.File.ReadAllText(\"table.txt\")");
        Assert.Equal("seen", result.Notebook.Cells[0].Outputs[0]!["data"]!["text/plain"]![0]!.ToString());
        Assert.Equal(before, Directory.GetCurrentDirectory());
    }

    [Fact]
    public async Task Should_SetTheBackboneForTheRunOnly_When_OneIsAsked()
    {
        var path = TestNotebook.Of("FewShot.Course.CourseBackbones.Current").Save(folder["n.ipynb"]);
        var options = new NotebookRunOptions { Backbone = CourseBackbone.ResNet18 };
        var result = await NotebookRunner.RunAsync(path, options, TestContext.Current.CancellationToken);
        Assert.Contains("ResNet18", result.Notebook.Cells[0].Outputs.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(CourseBackbone.ImageNet20, CourseBackbones.Current);
    }

    [Fact]
    public async Task Should_SetTheProfileForTheRunOnly_When_OneIsAsked()
    {
        var path = TestNotebook.Of("FewShot.Runtime.CourseProfiles.Current").Save(folder["n.ipynb"]);
        var options = new NotebookRunOptions { Profile = CourseProfile.Full };
        var result = await NotebookRunner.RunAsync(path, options, TestContext.Current.CancellationToken);
        Assert.Contains("Full", result.Notebook.Cells[0].Outputs.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual("full", Environment.GetEnvironmentVariable(CourseProfiles.Variable));
    }

    [Fact]
    public async Task Should_CarryPlotlyOnce_When_TwoChartsAreShown()
    {
        var result = await Run(ChartCell, ChartCell);
        var sizes = result.Notebook.Cells.Select(cell => cell.Outputs.ToJsonString().Length).ToList();
        Assert.True(sizes[0] > 3_000_000 && sizes[1] < 20_000, string.Join(" and ", sizes));
    }

    [Fact]
    public async Task Should_ShowTheText_When_ACellIsMarkdown()
    {
        var outputs = (await Run("#!markdown\n**bold**")).Notebook.Cells[0].Outputs;
        Assert.Equal("**bold**", Assert.Single(outputs)!["data"]!["text/markdown"]![0]!.ToString());
    }

    [Fact]
    public async Task Should_AddStillPicture_When_Asked()
    {
        var path = TestNotebook.Of(ChartCell).Save(folder["n.ipynb"]);
        var options = new NotebookRunOptions { StillCharts = true };
        var result = await NotebookRunner.RunAsync(path, options, TestContext.Current.CancellationToken);
        var png = Convert.FromBase64String(result.Notebook.Cells[0].Outputs[0]!["data"]!["image/png"]!.ToString());
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
    }

    [Fact]
    public async Task Should_TellHowLongWorkGoes_When_ACellReportsProgress()
    {
        var observer = new Recorder();
        var path = TestNotebook.Of("FewShot.Runtime.ProgressSink.Current.Report(new(\"training\", 1, 4));").Save(folder["n.ipynb"]);
        await NotebookRunner.RunAsync(path, new NotebookRunOptions { Observer = observer }, TestContext.Current.CancellationToken);
        Assert.Equal(["n, 1 cells", "cell 1", "training 1/4", "cell 1 Succeeded", "n finished "], observer.Told);
    }

    [Fact]
    public async Task Should_GiveEndOfInput_When_ACellAsks()
    {
        var result = await Run("Console.ReadLine() == null");
        Assert.Contains("True", result.Notebook.Cells[0].Outputs.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_FreeTensors_When_NotebookHasEnded()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        const string cell = "using TorchSharp; var big = torch.ones(64, 1024, 1024);";
        await Run(cell);
        process.Refresh();
        var after = process.WorkingSet64;
        for (var i = 0; i < 4; i++)
            await Run(cell);
        long More()
        {
            process.Refresh();
            return process.WorkingSet64 - after;
        }

        // A tensor that the garbage collector finds is freed two seconds later, in case a call still reads it.
        Assert.True(
            SpinWait.SpinUntil(() => More() < 400L << 20, TimeSpan.FromSeconds(20)),
            $"{More() >> 20} MiB more after four notebooks that held 256 MiB each");
    }

    private Task<NotebookResult> Run(params string[] cells) =>
        NotebookRunner.RunAsync(TestNotebook.Of(cells).Save(folder["n.ipynb"]), cancellation: TestContext.Current.CancellationToken);

    private sealed class Recorder : INotebookObserver
    {
        public List<string> Told { get; } = [];

        public void NotebookStarted(string name, int cells) => Told.Add($"{name}, {cells} cells");

        public void CellStarted(int number) => Told.Add($"cell {number}");

        public void CellFinished(int number, CellResult result) => Told.Add($"cell {number} {result.Status}");

        public void NotebookFinished(string name, TimeSpan elapsed, string? failure) => Told.Add($"{name} finished {failure}");

        public void Report(StepProgress value) => Told.Add($"{value.Activity} {value.Done}/{value.Total}");
    }
}
