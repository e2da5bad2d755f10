using System.CommandLine;
using System.Text.Json.Nodes;
using FewShot.Kernel.Run;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Run;

public sealed class RunCommandTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly StringWriter terminal = new();
    private readonly StringWriter errors = new();

    public void Dispose()
    {
        terminal.Dispose();
        errors.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Should_WriteCopiesAndPages_When_FolderRuns()
    {
        Notebook("00-first", "# First", "1 + 1");
        Notebook("01-second", "# Second", "2 + 2");
        Assert.Equal(0, await Run(folder.Path));
        Assert.Equal(
            ["00-first.html", "00-first.ipynb", "01-second.html", "01-second.ipynb", "index.html"],
            Directory.GetFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("<a href=\"01-second.html\">Second \u2192</a>", await Read("out/00-first.html"), StringComparison.Ordinal);
        Assert.Matches("00-first .*2? *ok", terminal.ToString().Replace("│", " ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_KeepItsPlaceAmongTheOthers_When_OneRunsAlone()
    {
        Notebook("00-first", "# First", "1 + 1");
        Notebook("01-second", "# Second\n\nSee [the first](00-first.ipynb) and [the third](02-third.ipynb).", "2 + 2");
        Assert.Equal(0, await Run(folder.Path));
        Notebook("02-third", "# Third", "3 + 3");

        Assert.Equal(0, await Run(folder.Path, "--only", "01"));

        var page = await Read("out/01-second.html");
        Assert.Contains("<a href=\"00-first.html\">\u2190 First</a>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"00-first.html\">the first</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("02-third.html", page, StringComparison.Ordinal);
        var index = await Read("out/index.html");
        Assert.Contains(
            "<a href=\"00-first.html\">First</a> <span class=\"quiet\">from an earlier run</span>", index, StringComparison.Ordinal);
        Assert.Contains("<li>Third <span class=\"quiet\">not run yet</span>", index, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_HaveAFolderOfTheirOwn_When_SolutionsRun()
    {
        Directory.CreateDirectory(folder["notebooks/solutions"]);
        File.WriteAllText(folder["FewShot.sln"], string.Empty);
        string Output(string source) => CourseRun.OutputFolder(new() { Source = folder[source] });
        Assert.Equal(folder["artifacts/course"], Path.TrimEndingDirectorySeparator(Output("notebooks")));
        Assert.Equal(folder["artifacts/course/solutions"], Output("notebooks/solutions"));
        Assert.Equal(folder["artifacts/course"], Path.TrimEndingDirectorySeparator(Output(".")));
    }

    [Fact]
    public async Task Should_RunTheOthersAndFail_When_OneFails()
    {
        Notebook("00-bad", "var ok = 1;", "ok = \"text\";");
        Notebook("01-good", "7");
        Assert.Equal(1, await Run(folder.Path));
        Assert.Contains("00-bad.ipynb, cell 2, line 1, column 6: CS0029", terminal.ToString(), StringComparison.Ordinal);
        Assert.Contains("7", await Read("out/01-good.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_RunTheOthersAndFail_When_OneIsNoNotebook()
    {
        await File.WriteAllTextAsync(folder["00-bad.ipynb"], "{", TestContext.Current.CancellationToken);
        Notebook("01-good", "7");
        Assert.Equal(1, await Run(folder.Path));
        Assert.Contains("is not JSON", terminal.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["out/01-good.html"]));
    }

    [Fact]
    public async Task Should_RunOnlyThose_When_OnlyIsGiven()
    {
        Notebook("00-first", "throw new Exception();");
        Notebook("01-second", "1");
        Assert.Equal(0, await Run(folder.Path, "--only", "01"));
        Assert.False(File.Exists(folder["out/00-first.html"]));
    }

    [Fact]
    public async Task Should_RunOne_When_AFileIsNamed()
    {
        Notebook("00-first", "1");
        Assert.Equal(0, await Run(folder["00-first.ipynb"]));
    }

    [Fact]
    public async Task Should_SayWhatIsThere_When_NothingMatches()
    {
        Notebook("00-first", "1");
        Assert.Equal(1, await Run(folder.Path, "--only", "07"));
        Assert.Contains("has 00-first; --only asks for 07", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_PassTheProfile_When_Given()
    {
        Notebook("00-first", "Environment.GetEnvironmentVariable(\"FEWSHOT_PROFILE\")");
        Assert.Equal(0, await Run(folder.Path, "--profile", "full"));
        Assert.Contains("full", await Read("out/00-first.ipynb"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_LeaveTheNotebook_When_NotAskedToWriteIt()
    {
        Notebook("00-first", "1");
        var before = await Read("00-first.ipynb");
        await Run(folder.Path);
        Assert.Equal(before, await Read("00-first.ipynb"));
    }

    [Fact]
    public async Task Should_WriteTheSameNotebookTwice_When_InPlace()
    {
        Notebook(
            "00-first",
            "display(\"shown\"); FewShot.Charts.LineChart.Of([new FewShot.Charts.Series(\"s\", [1, 2], [3, 4])], \"x\", \"y\", \"Line\")");
        Assert.Equal(0, await Run(folder.Path, "--in-place"));
        var first = await Read("00-first.ipynb");
        Assert.Equal(0, await Run(folder.Path, "--in-place"));
        Assert.Equal(first, await Read("00-first.ipynb"));
        var data = JsonNode.Parse(first)!["cells"]![0]!["outputs"]![1]!["data"]!.AsObject();
        Assert.Equal(["image/png", "text/plain"], data.Select(pair => pair.Key));
        Assert.Contains("Plotly", await Read("out/00-first.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_LeaveTheNotebook_When_InPlaceRunFails()
    {
        Notebook("00-first", "throw new Exception();");
        var before = await Read("00-first.ipynb");
        Assert.Equal(1, await Run(folder.Path, "--in-place"));
        Assert.Equal(before, await Read("00-first.ipynb"));
    }

    [Fact]
    public async Task Should_RecordTheSecondsOfEachNotebook_When_ARecordIsAskedFor()
    {
        Notebook("00-first", "System.Threading.Thread.Sleep(200)");
        Notebook("01-second", "1");
        Assert.Equal(0, await Run(folder.Path, "--profile", "quick", "--record", folder["record.json"]));
        var record = RunRecord.Read(folder["record.json"]);
        Assert.Equal(["00-first", "01-second"], record.Results.Keys);
        Assert.InRange(record.Results["00-first"], 0.2, record.Seconds);
        Assert.Equal("Quick", record.Options["profile"].GetString());
    }

    [Fact]
    public async Task Should_RecordImagesAndBackbone_When_ARecordIsAskedFor()
    {
        Notebook("00-first", "1");
        Assert.Equal(0, await Run(folder.Path, "--record", folder["record.json"]));
        var record = RunRecord.Read(folder["record.json"]);
        Assert.Equal(2, record.Data.Count);
        Assert.All(record.Data.Values, digest => Assert.Equal(64, digest.Length));
        Assert.NotEmpty(record.Weights!);
    }

    [Fact]
    public async Task Should_WriteNoRecord_When_ANotebookFails()
    {
        Notebook("00-bad", "throw new Exception();");
        Assert.Equal(1, await Run(folder.Path, "--record", folder["record.json"]));
        Assert.False(File.Exists(folder["record.json"]));
        Assert.Contains("No record is written: 00-bad failed.", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_SayThatItWasStopped_When_CancelledWhileACellTrains()
    {
        Notebook(
            "00-long",
            "using TorchSharp; _ = FewShot.Transfer.LinearProbe.Train(torch.rand(32, 2), "
            + "torch.tensor(Enumerable.Range(0, 32).Select(i => i % 2L).ToArray()), 2, new() { Epochs = 1_000_000 });");
        Notebook("01-next", "7");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Assert.Equal(130, await Run(stop.Token, folder.Path));
        Assert.Equal("Stopped." + Environment.NewLine, errors.ToString());
        Assert.DoesNotContain("01-next", terminal.ToString(), StringComparison.Ordinal);
    }

    private void Notebook(string name, params string[] cells) => TestNotebook.Of(cells).Save(folder[name + ".ipynb"]);

    private Task<string> Read(string name) => File.ReadAllTextAsync(folder[name], TestContext.Current.CancellationToken);

    private Task<int> Run(params string[] arguments) => Run(TestContext.Current.CancellationToken, arguments);

    private Task<int> Run(CancellationToken cancellation, params string[] arguments) =>
        new RootCommand { RunCommand.Create(terminal, errors, isPlain: true) }.Parse(["run", .. arguments, "--output", folder["out"]])
            .InvokeAsync(cancellationToken: cancellation);
}
