using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class MagicCommandTests(TestSession session) : IClassFixture<TestSession>
{
    [Fact]
    public async Task Should_NameEachVariableOnce_When_ACellAsksWho()
    {
        using var own = new TestSession();
        await own.Run("var first = 1; var second = \"b\";");
        await own.Run("var first = 2.5;");
        Assert.Equal("second, first", await Text(own, "#!who"));
    }

    [Fact]
    public async Task Should_SayThatThereAreNone_When_ACellAsksWhoAtFirst()
    {
        using var own = new TestSession();
        Assert.Equal("There are no variables.", await Text(own, "#!who"));
    }

    [Fact]
    public async Task Should_ShowTypesAndValues_When_ACellAsksWhos()
    {
        await session.Run("var seen = new List<int> { 1, 2 };");
        Assert.Contains(
            "\nseen  System.Collections.Generic.List<System.Int32>  [ 1, 2 ]", await Text(session, "#!whos"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!set --name word --value 5\nword + 1", "51")]
    [InlineData("#!set --name words --value \"two words\"\nwords", "two words")]
    [InlineData("var known = 5;\n#!set --name copy --value @csharp:known\ncopy + 1", "6")]
    [InlineData("var mine = 5;\n#!set --name yours --value @mine\nyours", "5")]
    [InlineData("#!value --name text\none\ntwo\n#!csharp\ntext", "one\ntwo")]
    [InlineData("#!value --name none\n#!csharp\nnone.Length", "0")]
    [InlineData("#!value --name more\n#!sh\n#!csharp\nmore", "#!sh")]
    [InlineData("var old = 7;\n#!share --from csharp old --as fresh\nfresh", "7")]
    [InlineData("var same = 7;\n#!share --from value same\nsame", "7")]
    public async Task Should_HaveTheValue_When_ACellSetsOrSharesIt(string cell, string value) =>
        Assert.Equal(value, await session.Value(cell));

    [Fact]
    public async Task Should_HaveTheValue_When_ACellReadsItFromAFile()
    {
        var file = Path.Combine(session.Folder, "a note.txt");
        await File.WriteAllTextAsync(file, "of a file", TestContext.Current.CancellationToken);
        Assert.Equal("of a file", await session.Value($"#!value --name note --from-file \"{file}\"\n#!csharp\nnote"));
    }

    [Fact(Explicit = true)]
    public async Task Should_HaveTheValueInBothLanguages_When_CellsShareIt()
    {
        Assert.Equal("42", await session.Value("#!fsharp\nlet sharp = 41\n#!csharp\n#!share --from fsharp sharp\nsharp + 1"));
        Assert.Equal("41", await session.Value(
            "var flat = 41;\n#!fsharp\n#!share --from csharp flat --as round\n#!set --name letter --value a\nround"));
        Assert.Contains("round", await Text(session, "#!who"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var a = 1;\n#!set --name x", "cell 1, line 2, column 1: write #!set --name NAME --value VALUE")]
    [InlineData("var a = 1;\n#!set --name 1x --value 5", "cell 1, line 2, column 1: write #!set")]
    [InlineData("#!set --name x --value @sql:y", "there is no sql here: values can be had of csharp, fsharp and value.")]
    [InlineData("#!share x --from pwsh", "cell 1, line 1, column 1: there is no pwsh here")]
    [InlineData("#!share --from fsharp", "cell 1, line 1, column 1: write #!share --from csharp NAME")]
    [InlineData("#!value\ntext", "cell 1, line 1, column 1: write #!value --name NAME")]
    [InlineData("var a = 1;\n#!share --from csharp nowhere", "cell 1, line 2, column 5: CS0103")]
    [InlineData("#!sql\nselect 1", "#!sql is not known here; known are #!about, ")]
    public async Task Should_SayHowToWriteIt_When_ALineIsNotAsItMustBe(string cell, string reason)
    {
        using var own = new TestSession();
        Assert.Contains(reason, (await own.Failure(cell))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_NameTheKernel_When_ACellAsksAboutIt() =>
        Assert.StartsWith("FewShot's kernel for C# and F#, ", await Text(session, "#!about"), StringComparison.Ordinal);

    [Fact]
    public async Task Should_ListTheWords_When_ACellAsksForThem() =>
        Assert.Contains("\n#!who\n#!whos", await Text(session, "#!lsmagic"), StringComparison.Ordinal);

    private static async Task<string> Text(TestSession session, string cell)
    {
        var (result, outputs) = await session.Run(cell);
        Assert.True(result.Status == CellStatus.Succeeded, string.Join('\n', result.Error?.Trace ?? []));
        return Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data["text/plain"];
    }
}
