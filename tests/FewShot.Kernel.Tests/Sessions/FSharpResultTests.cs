using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Tests.Sessions;

/// <summary>What F# cells show at their end, one after another in one session.</summary>
public sealed class FSharpResultTests(TestSession session) : IClassFixture<TestSession>
{
    [Theory]
    [InlineData("#!fsharp\n1 + 1", "2")]
    [InlineData("#!f#\nlet name = \"five\"\nname.Length", "4")]
    [InlineData("#!fsharp\n[ for i in 1 .. 3 -> i * i ] |> List.sum", "14")]
    [InlineData("#!fsharp\nlet two = 2;;\ntwo + 1;;", "3")]
    [InlineData("#!fsharp\nlet text = \"\"\"\n#!nothing\n\"\"\"\n(*\n#!html\n*)\ntext.Trim()", "#!nothing")]
    public async Task Should_ShowTheValue_When_FSharpEndsInAnExpression(string code, string value) =>
        Assert.Equal(value, await session.Value(code));

    [Theory]
    [InlineData("let quiet = 3")]
    [InlineData("()")]
    [InlineData("(null : string)")]
    [InlineData("1 |> ignore")]
    public async Task Should_ShowNoValue_When_FSharpEndsInNone(string code)
    {
        var (result, outputs) = await session.Run("#!fsharp\n" + code);
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Empty(outputs);
    }
}
