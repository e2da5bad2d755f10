namespace FewShot.Kernel.Tests.Sessions;

public sealed class SessionErrorTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Should_SquiggleTheFault_When_CellDoesNotCompile() =>
        Assert.Equal(
            [
                "cell 1, line 2, column 9: CS0103: The name 'unknown' does not exist in the current context",
                "    var y = unknown + 1;",
                "            ~~~~~~~",
            ],
            await session.Failure("var x = 1;\nvar y = unknown + 1;"));

    [Fact]
    public async Task Should_NameOnlyTheCellsLines_When_TopLevelThrows() =>
        Assert.Equal(
            ["System.InvalidOperationException: no", "   at cell 1, line 3"],
            await session.Failure("var x = 1;\n\nthrow new InvalidOperationException(\"no\");"));

    [Fact]
    public async Task Should_NameEachCell_When_ExceptionPassesThroughTwo()
    {
        await session.Run("void Inner()\n{\n    throw new Exception(\"deep\");\n}");
        Assert.Equal(
            ["System.Exception: deep", "   at Inner in cell 1, line 3", "   at cell 2, line 2"],
            await session.Failure("// calls\nInner();"));
    }

    [Fact]
    public async Task Should_NameTheCall_When_ItUsesALocalOfALoop() =>
        Assert.Equal(
            ["System.Exception: in", "   at a lambda in cell 1, line 3", "   at cell 1, line 4"],
            await session.Failure(
                "foreach (var i in new[] { 1 })\n{\n    Action fail = () => throw new Exception(\"in\");\n    fail();\n}"));

    [Fact]
    public async Task Should_NameTheAuthorsMethod_When_AsyncMethodThrows() =>
        Assert.Equal(
            ["System.Exception: slow", "   at Learner.Fit in cell 1, line 5", "   at cell 1, line 8"],
            await session.Failure(
                "class Learner\n{\n    public async Task Fit()\n    {\n"
                + "        await Task.Yield(); throw new Exception(\"slow\");\n    }\n}\nawait new Learner().Fit();"));

    [Fact]
    public async Task Should_TellTheCause_When_ExceptionHasAnInnerOne()
    {
        var trace = await session.Failure("try { int.Parse(\"q\"); }\ncatch (Exception e) { throw new Exception(\"outer\", e); }");
        Assert.Equal("System.Exception: outer", trace[0]);
        Assert.Contains(trace, line => line.StartsWith("caused by System.FormatException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_NameTheLoadedFile_When_ItThrows()
    {
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "helper.csx"),
            "void Fails()\n{\n    throw new Exception(\"far\");\n}",
            TestContext.Current.CancellationToken);
        Assert.Equal(
            ["System.Exception: far", "   at Fails in helper.csx, line 3", "   at cell 1, line 2"],
            await session.Failure("#load \"helper.csx\"\nFails();"));
    }
}
