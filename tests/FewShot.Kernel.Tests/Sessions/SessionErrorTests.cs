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

    [Theory]
    [InlineData("int Fail(int n)\n    => Fails(n);", "Fail in cell 1, line 3")]
    [InlineData("int Fail(int n) =>\n    n +\n    Fails(n);", "Fail in cell 1, line 3")]
    [InlineData("int Fail(int n)\n{\n    return Fails(n);\n}", "Fail in cell 1, line 4")]
    [InlineData("int Fail(int n) { return Same(\n    Fails(n)); }", "Fail in cell 1, line 2")]
    [InlineData("Func<int, int> Fail =\n    n =>\n        Fails(n);", "a lambda in cell 1, line 4")]
    [InlineData("int Fail(int n) => One.P;\nclass One\n{\n    public static int P =>\n        Fails(1);\n}", "One.get_P in cell 1, line 6")]
    [InlineData("int Fail(int n) => One.P;\nclass One\n{\n    public static int P { get => Fails(1); }\n}", "One.get_P in cell 1, line 5")]
    [InlineData("int Fail(int n) => new One(1);\nclass One\n{\n    public One(int n) { }\n    public static implicit operator int(One o)\n"
        + "        => Fails(1);\n}", "One.op_Implicit in cell 1, line 7")]
    [InlineData("int Fail(int n) => new One().N;\nclass One\n{\n    public int N;\n    public One() : this(\n        Fails(1)) { }\n"
        + "    public One(int n) => N = n;\n}", "One..ctor in cell 1, line 6")]
    [InlineData("int Fail(int n) => Many(n).Count();\nIEnumerable<int> Many(int n)\n{\n    yield return n;\n    yield return Fails(n);\n}",
        "Many in cell 1, line 6")]
    [InlineData(
        "int Fail(int n) => Later(n).GetAwaiter().GetResult();\nasync Task<int> Later(int n) =>\n    await Task.FromResult(1) +\n"
            + "    Fails(n);",
        "Later in cell 1, line 4")]
    public async Task Should_NameTheLine_When_AFunctionOfAnyFormThrows(string function, string place)
    {
        var trace = await session.Failure("static int Fails(int n) => throw new Exception(\"no\"); static T Same<T>(T value) => value;\n"
            + function + "\n_ = Fail(1);");
        Assert.Equal("   at Fails in cell 1, line 1", trace[1]);
        Assert.Equal("   at " + place, trace[2]);
        Assert.Equal($"   at cell 1, line {function.Split('\n').Length + 2}", trace[^1]);
    }
}
