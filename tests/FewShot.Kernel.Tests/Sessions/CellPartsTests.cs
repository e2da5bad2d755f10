using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class CellPartsTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Should_ShowTextsAndValuesInOrder_When_CellHasBoth()
    {
        var (_, outputs) = await session.Run("var one = 1;\none\n#!markdown\n# Title\n\nMore\n#!csharp\none + 1");
        Assert.Equal(
            ["1", "# Title\n\nMore", "2"],
            outputs.Select(output =>
                output is DisplayOutput text ? text.Data["text/markdown"] : ((ResultOutput)output).Data["text/plain"]));
    }

    [Theory]
    [InlineData("#!html", "<b>x</b>", "text/html", "<b>x</b>")]
    [InlineData("#!javascript", "say('</script>')", "text/html", "<script>\nsay('<\\/script>')\n</script>")]
    [InlineData("#!js", "go()", "text/html", "<script>\ngo()\n</script>")]
    [InlineData("#!mermaid", "graph TD\nA-->B", "text/vnd.mermaid", "graph TD\nA-->B")]
    [InlineData("#!mermaid", "graph TD\nA-->B", "text/markdown", "```mermaid\ngraph TD\nA-->B\n```")]
    [InlineData("#!mermaid", "a ```` b", "text/markdown", "`````mermaid\na ```` b\n`````")]
    public async Task Should_ShowTheTextAsWhatItIs_When_CellSaysSo(string word, string text, string mimeType, string shown)
    {
        var (_, outputs) = await session.Run($"{word}\n{text}\n");
        Assert.Equal(shown, Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data[mimeType]);
    }

    [Fact]
    public async Task Should_NotTakeItForADirective_When_ItStandsInAString() =>
        Assert.Equal("12", await session.Value("var text = @\"\n#!markdown\n\";\n/*\n#!nothing\n*/\ntext.Length"));

    [Fact]
    public async Task Should_KeepUnknownWords_When_TheyStandInAText()
    {
        var (_, outputs) = await session.Run("#!markdown\n#!/bin/sh");
        Assert.Equal("#!/bin/sh", Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data["text/markdown"]);
    }

    [Fact]
    public async Task Should_NameTheCellsLine_When_ALaterPartThrows() =>
        Assert.Equal(
            "   at cell 1, line 5",
            (await session.Failure("var a = 1;\n#!html\n<b>\n#!csharp\nthrow new Exception(\"late\");"))[1]);

    [Fact]
    public async Task Should_ChangeAndShowNothing_When_ALaterPartDoesNotCompile()
    {
        var (result, outputs) = await session.Run("var fresh = 1;\nfresh\n#!html\n<b>\n#!csharp\nnowhere");
        Assert.Equal(CellStatus.NotCompiled, result.Status);
        Assert.IsType<ErrorOutput>(Assert.Single(outputs));
        Assert.Contains("CS0103", (await session.Failure("fresh"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_TellTheTime_When_Asked()
    {
        var (_, outputs) = await session.Run("#!time\nawait Task.Delay(20);\n5");
        Assert.Equal("5", Assert.IsType<ResultOutput>(outputs[0]).Data["text/plain"]);
        Assert.Matches(
            @"^Time: [\d,]+\.\d ms running, [\d,]+\.\d ms compiling$",
            Assert.IsType<DisplayOutput>(outputs[1]).Data["text/plain"]);
    }

    [Fact]
    public async Task Should_RunItsCells_When_ANotebookIsImported()
    {
        var more = Path.Combine(session.Folder, "more");
        Directory.CreateDirectory(more);
        await File.WriteAllTextAsync(
            Path.Combine(more, "base.cs"), "class Base { public int Three => 3; }", TestContext.Current.CancellationToken);
        TestNotebook.Of("# Prose", "#!import \"base.cs\"", "var four = new Base().Three + 1;")
            .Save(Path.Combine(more, "helpers.ipynb"));
        Assert.Equal("7", await session.Value("#!import \"more/helpers.ipynb\"\nfour + new Base().Three"));
    }

    [Fact]
    public async Task Should_RunItsCode_When_ACellImportsADib()
    {
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "helpers.dib"),
            "#!meta\n\n{ \"kernelInfo\": { } }\n\n#!markdown\n\n# Not shown\n\n#!csharp\n\nvar x = 1;\n\n#!csharp\n\nvar x = \"\";\n#!who\n"
                + "\n#!html\n\n<b>shown</b>\n\n#!csharp\n\nint Fails() => throw new Exception(\"far\");\n",
            TestContext.Current.CancellationToken);
        var (result, outputs) = await session.Run("#!import helpers.dib");
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Equal(["x", "shown"], outputs.Select(output => Assert.IsType<DisplayOutput>(output).Data["text/plain"]));
        Assert.Equal(
            ["System.Exception: far", "   at Fails in helpers.dib, line 24", "   at cell 2, line 1"], await session.Failure("Fails()"));
    }

    [Fact]
    public async Task Should_NameTheImportedCell_When_ItThrows()
    {
        TestNotebook.Of("var a = 1;", "\nthrow new Exception(\"far\");").Save(Path.Combine(session.Folder, "helpers.ipynb"));
        Assert.Equal(["System.Exception: far", "   at helpers.ipynb, cell 2, line 2"], await session.Failure("#!import helpers.ipynb"));
    }

    [Fact]
    public async Task Should_ChangeNothing_When_AnImportedCellDoesNotCompile()
    {
        TestNotebook.Of("var kept = 1;", "nowhere").Save(Path.Combine(session.Folder, "helpers.ipynb"));
        var failure = await session.Failure("#!import helpers.ipynb");
        Assert.StartsWith("helpers.ipynb, cell 2, line 1, column 1: CS0103", failure[0], StringComparison.Ordinal);
        Assert.Contains("CS0103", (await session.Failure("kept"))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!import", "name what to import")]
    [InlineData("#!import none.cs", "none.cs")]
    [InlineData("#!import notes.txt", "only notebooks (.ipynb, .dib) and C# files (.cs, .csx)")]
    [InlineData("#!import circle.cs", "circle.cs, line 1, column 1: circle.cs imports itself")]
    public async Task Should_SayWhy_When_AnImportIsNotPossible(string line, string message)
    {
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "circle.cs"), "#!import circle.cs", TestContext.Current.CancellationToken);
        Assert.Contains(message, (await session.Failure(line))[0], StringComparison.Ordinal);
    }
}
