using System.Diagnostics;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class FSharpCellTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Should_KeepNamesTypesAndOpens_When_AnotherFSharpCellRuns()
    {
        await session.Run("#!fsharp\nopen System.Text\ntype Task5 = { Way: int }\nlet twice n = 2 * n\nlet mutable shots = 5");
        Assert.Equal("12", await session.Value("#!fsharp\nshots <- shots + 1\nStringBuilder(\"x\").Length * (twice { Way = shots }.Way)"));
    }

    [Fact]
    public async Task Should_ShowOnce_When_FSharpDisplays()
    {
        var (_, outputs) = await session.Run("#!fsharp\ndisplay(3)");
        Assert.Equal("3", Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data["text/plain"]);
    }

    [Fact]
    public async Task Should_ShowHtml_When_FSharpsValueIsHtml()
    {
        var (_, outputs) = await session.Run("#!fsharp\nHTML(\"<b>bold</b>\")");
        Assert.Equal("<b>bold</b>", Assert.Single(outputs.OfType<ResultOutput>()).Data["text/html"]);
    }

    [Fact]
    public async Task Should_ShowLine_When_FSharpStillRuns()
    {
        await session.Run("#!fsharp\n()");
        var watch = Stopwatch.StartNew();
        TimeSpan? seen = null;
        var (_, outputs) = await session.Run("#!fsharp\nprintfn \"%d\" 1\nSystem.Threading.Thread.Sleep 600", _ => seen ??= watch.Elapsed);
        Assert.True(watch.Elapsed - seen > TimeSpan.FromMilliseconds(500));
        Assert.Equal("1\n", string.Concat(outputs.Cast<StreamOutput>().Select(output => output.Text)).ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Should_AttributeTextToItsCell_When_FSharpStartedATask()
    {
        var (_, first) = await session.Run(
            "#!fsharp\nlet go = System.Threading.Tasks.TaskCompletionSource()\n"
            + "let late = task {\n  do! go.Task\n  System.Console.Write \"late\" }");
        var (_, second) = await session.Run("#!fsharp\ngo.SetResult()\nlate.Wait()");
        Assert.Equal([new StreamOutput(false, "late")], first);
        Assert.Empty(second);
    }

    [Fact]
    public async Task Should_TellTheTime_When_TheTimedCellIsFSharp()
    {
        var (_, outputs) = await session.Run("#!time\n#!fsharp\n5");
        Assert.Equal("5", Assert.IsType<ResultOutput>(outputs[0]).Data["text/plain"]);
        Assert.StartsWith("Time: ", Assert.IsType<DisplayOutput>(outputs[1]).Data["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_RunItsFSharp_When_ANotebookIsImported()
    {
        TestNotebook.Of("#!fsharp\nlet four = 4").Save(Path.Combine(session.Folder, "helpers.ipynb"));
        Assert.Equal("5", await session.Value("#!import helpers.ipynb\n#!fsharp\nfour + 1"));
    }

    [Fact]
    public async Task Should_ReferenceLibrary_When_FSharpNamesItRelativeToTheFolder()
    {
        File.Copy(typeof(Xunit.Assert).Assembly.Location, Path.Combine(session.Folder, "some-library.dll"));
        Assert.Equal("Assert", await session.Value("#!fsharp\n#r \"some-library.dll\"\ntypeof<Xunit.Assert>.Name"));
    }

    [Fact]
    public async Task Should_NotBegin_When_CancelledWhileFSharpCompiles()
    {
        await session.Run("#!fsharp\nlet mutable turns = 0");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var (result, _) = await session.RunUntil(stop.Token, "#!fsharp\nturns <- turns + 1");
        Assert.Equal(CellStatus.Cancelled, result.Status);
        Assert.Equal("0", await session.Value("#!fsharp\nturns"));
    }

    [Theory]
    [InlineData("System.Threading.Thread.Sleep 20000")]
    [InlineData("while true do System.Threading.Thread.Sleep 10")]
    [InlineData("while true do printf \".\"")]
    [InlineData("let mutable turns = 0L\nwhile true do turns <- turns + 1L")]
    [InlineData(
        "let mutable turns = 0L\nlet spin () =\n    while turns >= 0L\n          || turns < 0L do\n        turns <- turns + 1L\nspin ()")]
    public async Task Should_StopAndStayUsable_When_FSharpIsCancelled(string code)
    {
        await session.Run("#!fsharp\nlet kept = 2");
        using var stop = new CancellationTokenSource();
        var watch = new Stopwatch();
        var (result, _) = await session.RunUntil(stop.Token, $"#!fsharp\nprintfn \"in\"\n{code}", _ =>
        {
            if (watch.IsRunning)
                return;
            watch.Start();
            stop.CancelAfter(50);
        });
        Assert.Equal(CellStatus.Cancelled, result.Status);
        // On an idle machine this takes a second at most.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal("2", await session.Value("#!fsharp\nkept"));
    }
}
