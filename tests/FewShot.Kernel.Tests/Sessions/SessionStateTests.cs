using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class SessionStateTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Should_KeepVariables_When_AnotherCellRuns()
    {
        await session.Run("var shots = 5; int Twice(int n) => 2 * n; record Task5(int Way);");
        Assert.Equal("10", await session.Value("Twice(shots) * new Task5(1).Way"));
    }

    [Fact]
    public async Task Should_Await_When_AtTopLevel() =>
        Assert.Equal("7", await session.Value("await Task.Delay(1); var seven = await Task.FromResult(7); seven"));

    [Fact]
    public async Task Should_KnowUsualNamespaces_When_NoUsingIsWritten() =>
        Assert.Equal(
            "True",
            await session.Value("new List<int> { 1 }.Any() && new StringBuilder().Length == 0 && new ArrayList().Count == 0"));

    [Fact]
    public async Task Should_ReachTheCourseLibraries_When_NothingIsReferenced() =>
        Assert.Equal("3", await session.Value("using TorchSharp; torch.ones(3).sum().item<float>()"));

    [Fact]
    public async Task Should_KnowTypesOfAnEarlierStaticUsing_When_MemoryWasCollectedBetween()
    {
        await session.Run("using static TorchSharp.torch;");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal("6", await session.Value("using (NewDisposeScope()) Console.WriteLine(ones(1).item<float>());\n6"));
    }

    [Fact]
    public async Task Should_KeepUsings_When_LaterCellDoesNotCompile()
    {
        await session.Run("using System.IO;");
        var (result, _) = await session.Run("using System.Net; var wrong = nowhere;");
        Assert.Equal(CellStatus.NotCompiled, result.Status);
        Assert.Equal("a.txt", await session.Value("Path.GetFileName(\"b/a.txt\")"));
    }

    [Fact]
    public async Task Should_ChangeNothing_When_CellDoesNotCompile()
    {
        await session.Run("var kept = 1;");
        await session.Run("kept = 2; string kept2 = 3;");
        Assert.Equal("1", await session.Value("kept"));
    }

    [Fact]
    public async Task Should_KeepWhatWasDone_When_CellThrows()
    {
        await session.Run("var before = 4; throw new Exception();");
        Assert.Equal("4", await session.Value("before"));
    }

    [Fact]
    public async Task Should_LoadScript_When_NamedRelativeToTheFolder()
    {
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "helper.csx"), "int Helped() => 11;", TestContext.Current.CancellationToken);
        Assert.Equal("11", await session.Value("#load \"helper.csx\"\nHelped()"));
    }

    [Fact]
    public async Task Should_ReferenceLibrary_When_NamedRelativeToTheFolder()
    {
        File.Copy(typeof(Xunit.Assert).Assembly.Location, Path.Combine(session.Folder, "some-library.dll"));
        Assert.Equal("True", await session.Value("#r \"some-library.dll\"\ntypeof(Xunit.Assert) != null"));
    }

    [Fact]
    public async Task Should_IgnoreLanguageLine_When_ItSaysCSharp() => Assert.Equal("2", await session.Value("#!csharp\n1 + 1"));

    [Fact]
    public async Task Should_RefuseOtherMagic_When_LineStartsWithIt() =>
        Assert.Equal(
            "cell 1, line 2, column 1: #!scheme is not known here; known are " + string.Join(", ", CellWords.Known) + ".",
            (await session.Failure("1\n#!scheme\n"))[0]);

    [Fact]
    public async Task Should_KeepGradientMode_When_AnotherCellRuns()
    {
        await session.Run("using TorchSharp; torch.set_grad_enabled(false);");
        Assert.Equal("False", await session.Value("torch.is_grad_enabled()"));
        await session.Run("torch.set_grad_enabled(true);");
    }

    [Fact]
    public async Task Should_StopLoopAndStayUsable_When_Cancelled()
    {
        await session.Run("long turns = 0;");
        using var stop = new CancellationTokenSource();
        var (result, _) = await session.RunUntil(stop.Token, "Console.WriteLine(\"in\"); while (true) turns++;", _ => stop.CancelAfter(50));
        Assert.Equal(CellStatus.Cancelled, result.Status);
        Assert.Equal("True", await session.Value("turns > 0"));
    }

    [Fact]
    public async Task Should_StopAndStayUsable_When_CancelledManyTimes()
    {
        for (var i = 0; i < 12; i++)
        {
            using var stop = new CancellationTokenSource();
            var (result, _) = await session.RunUntil(stop.Token, "Console.WriteLine(\"in\"); while (true) { }", _ => stop.CancelAfter(20));
            Assert.Equal(CellStatus.Cancelled, result.Status);
        }

        Assert.Equal("2", await session.Value("1 + 1"));
    }

    [Fact]
    public async Task Should_SayThatItCannotStopAndStayUsable_When_CancelledInsideALongCall()
    {
        using var stop = new CancellationTokenSource();
        var (_, outputs) = await session.RunUntil(
            stop.Token,
            "using System.Text.RegularExpressions; Console.WriteLine(\"in\"); "
            + "new Regex(\"^(a+)+b$\", RegexOptions.None, TimeSpan.FromSeconds(4)).IsMatch(new string('a', 60))",
            _ => stop.CancelAfter(20));
        Assert.Contains(outputs.OfType<StreamOutput>(), output =>
            output.IsError && output.Text.Contains("To end it now, restart the kernel", StringComparison.Ordinal));
        Assert.Equal("2", await session.Value("1 + 1"));
    }
}
