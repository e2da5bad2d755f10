using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class FSharpErrorTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Should_SquiggleTheFault_When_FSharpDoesNotCompile() =>
        Assert.Equal(
            [
                "cell 1, line 3, column 9: FS0039: The value or constructor 'unknown' is not defined.",
                "    let y = unknown + 1",
                "            ~~~~~~~",
            ],
            await session.Failure("#!fsharp\nlet x = 1\nlet y = unknown + 1"));

    [Fact]
    public async Task Should_GiveOneLineAFault_When_FSharpBreaksItsMessage() =>
        Assert.Equal(
            "cell 1, line 2, column 18: FS0001: This expression was expected to have type 'int' but here has type 'string'",
            (await session.Failure("#!fsharp\nlet wrong: int = \"a\""))[0]);

    [Fact]
    public async Task Should_SayOnlyTheReason_When_FSharpCannotBeRead()
    {
        var trace = await session.Failure("#!fsharp\nlet x = 1\nx : int");
        Assert.StartsWith("cell 1, line 3, column 3: FS0010: Unexpected symbol ':'", trace[0], StringComparison.Ordinal);
        Assert.DoesNotContain(trace, line => line.Contains("FS0192", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_ChangeAndShowNothing_When_FSharpDoesNotCompile()
    {
        await session.Run("#!fsharp\nlet mutable kept = 1");
        var (result, outputs) = await session.Run("#!fsharp\nkept <- 2\nprintfn \"ran\"\nlet kept2: string = 3");
        Assert.Equal(CellStatus.NotCompiled, result.Status);
        Assert.IsType<ErrorOutput>(Assert.Single(outputs));
        Assert.Equal("1", await session.Value("#!fsharp\nkept"));
    }

    [Theory]
    [InlineData("var fresh = 1;\nConsole.WriteLine(fresh);\n#!fsharp\nlet y = fresh + nowhere", "cell 1, line 4, column 17: FS0039")]
    [InlineData("var fresh = 1;\nConsole.WriteLine(fresh);\n#!fsharp\nlet y: string = fresh", "cell 1, line 4, column 17: FS0001")]
    [InlineData("#!markdown\ntext\n#!fsharp\nlet y = nowhere", "cell 1, line 4, column 9: FS0039")]
    [InlineData("#!fsharp\nlet a = 1\nprintfn \"%d\" a\n#!csharp\nint b = nowhere;", "cell 1, line 5, column 9: CS0103")]
    public async Task Should_ShowNothing_When_ALaterPartDoesNotCompile(string code, string message)
    {
        var (result, outputs) = await session.Run(code);
        Assert.Equal(CellStatus.NotCompiled, result.Status);
        Assert.StartsWith(message, Assert.IsType<ErrorOutput>(Assert.Single(outputs)).Trace[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_FailWhenItComes_When_CodeThatNeedsFSharpOfTheSameCellDoesNotCompile()
    {
        var (result, outputs) = await session.Run("#!fsharp\nlet a = 1\nprintf \"ran\"\n#!csharp\nstring b = a;");
        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.StartsWith("cell 1, line 5, column 12: CS0029", result.Error!.Trace[0], StringComparison.Ordinal);
        Assert.Equal(new StreamOutput(false, "ran"), outputs[0]);
    }

    [Fact]
    public async Task Should_NameOnlyTheCellsLines_When_FSharpThrows()
    {
        await session.Run("#!fsharp\nlet inner () =\n    failwith \"deep\"");
        Assert.Equal(
            ["System.Exception: deep", "   at inner in cell 1, line 3", "   at cell 2, line 3"],
            await session.Failure("#!fsharp\n\ninner () + 1"));
    }

    [Fact]
    public async Task Should_NameTheAuthorsMethod_When_FSharpTypeThrows() =>
        Assert.Equal(
            ["System.Exception: no", "   at Learner.Fit in cell 1, line 4", "   at cell 1, line 5"],
            await session.Failure("#!fsharp\ntype Learner() =\n  member _.Fit(steps: int) : int =\n    failwith \"no\"\nLearner().Fit(1)"));

    [Fact]
    public async Task Should_NameTheLambda_When_ItThrows()
    {
        var trace = await session.Failure("#!fsharp\n[1; 0] |> List.map (fun x ->\n  10 / x)");
        Assert.Equal("   at a lambda in cell 1, line 3", trace[1]);
        Assert.Equal("   at cell 1, line 2", trace[^1]);
    }

    [Fact]
    public async Task Should_SayWhatIsKnown_When_ALineOfFSharpNamesSomethingElse() =>
        Assert.Equal(
            "cell 1, line 3, column 1: #!scheme is not known here; known are " + string.Join(", ", CellWords.Known) + ".",
            (await session.Failure("#!fsharp\n1\n#!scheme"))[0]);
}
