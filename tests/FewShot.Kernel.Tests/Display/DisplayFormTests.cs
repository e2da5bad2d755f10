using FewShot.Kernel.Cells;
using FewShot.Kernel.Tests.Sessions;

namespace FewShot.Kernel.Tests.Display;

public sealed class DisplayFormTests(TestSession session) : IClassFixture<TestSession>
{
    [Theory]
    [InlineData("(1, \"a\")", "(1, a)")]
    [InlineData("DayOfWeek.Friday", "Friday")]
    [InlineData("new[] { 1, 2, 3 }", "[ 1, 2, 3 ]")]
    [InlineData("record Row(int Way, string Name); new Row(5, \"five\")", "Row { Way = 5, Name = five }")]
    [InlineData("record Line(int Way, string Name); new[] { new Line(5, \"five\") }", "index  value\n0  Line { Way = 5, Name = five }")]
    [InlineData("new Dictionary<string, int> { [\"a\"] = 1 }", "key  value\na  1")]
    [InlineData("HTML(\"<h1>Title</h1><script>no()</script><p>one &amp; two</p>\")", "Title\none & two")]
    [InlineData("new Version(1, 2)", "1.2")]
    [InlineData("\"# Title\".DisplayAs(\"text/markdown\");", "# Title")]
    [InlineData("record Cell(int Way, string Name); display(new Cell(1, \"x\"), \"text/html\");", "Cell { Way = 1, Name = x }")]
    [InlineData("#!markdown\n# Title", "# Title")]
    [InlineData("#!html\n<b>bold</b> <i>text</i>", "bold text")]
    public async Task Should_HaveAText_When_AValueIsShown(string code, string text) =>
        Assert.Equal(text, (await Shown(code))["text/plain"]);

    [Fact]
    public async Task Should_TellItsMembers_When_AValueHasNoWordsOfItsOwn() => Assert.EndsWith(
        "+Box\nSide  3", (await Shown("class Box { public int Side => 3; } new Box()"))["text/plain"], StringComparison.Ordinal);

    [Theory]
    [InlineData("new SkiaSharp.SKBitmap(2, 3)", "A picture of 2 x 3 pixels (SKBitmap)")]
    [InlineData("SkiaSharp.SKImage.FromBitmap(new SkiaSharp.SKBitmap(4, 5))", "A picture of 4 x 5 pixels (SKImage)")]
    [InlineData("var plot = new ScottPlot.Plot(); plot.Add.Signal(new[] { 1.0, 2.0 }); plot", "A plot of ScottPlot (Plot)")]
    [InlineData("new ScottPlot.Multiplot()", "A plot of ScottPlot (Multiplot)")]
    public async Task Should_ShowAPng_When_AValueIsAPicture(string code, string text)
    {
        var data = await Shown(code);
        Assert.Equal(["image/png", "text/plain"], data.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Convert.FromBase64String(data["image/png"]).Take(4));
        Assert.Equal(text, data["text/plain"]);
    }

    [Fact]
    public async Task Should_UseTheRegisteredFormatter_When_APictureHasOne()
    {
        using var own = new TestSession();
        // A type of its own, since formatters belong to the whole process and other tests show pictures as well.
        await own.Run("class Mine : SkiaSharp.SKBitmap { } Formatter.Register<Mine>(_ => \"<i>mine</i>\", \"text/html\");");
        var (_, outputs) = await own.Run("new Mine()");
        Assert.Equal("<i>mine</i>", Assert.Single(outputs.OfType<ResultOutput>()).Data["text/html"]);
    }

    [Fact]
    public void Should_ShowRowsAndColumns_When_AValueIsADataFrame()
    {
        var frame = new Microsoft.Data.Analysis.DataFrame(
            new("a<b", [.. Enumerable.Range(0, 25).Cast<object?>()]), new("half", [null, 1.5]));
        var html = Kernel.Display.KnownValues.Render(frame)!["text/html"];
        Assert.StartsWith(
            "<table><thead><tr><th><i>index</i></th><th>a&lt;b</th><th>half</th></tr></thead>"
            + "<tbody><tr><td><i>0</i></td><td>0</td><td>&lt;null&gt;</td></tr><tr><td><i>1</i></td><td>1</td><td>1.5</td></tr>",
            html,
            StringComparison.Ordinal);
        Assert.EndsWith("<p><i>(5 more rows of 25)</i></p>", html, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public async Task Should_ShowRowsAndColumns_When_ThePackageMakesADataFrame()
    {
        var (result, outputs) = await session.Run("""
            #r "nuget: Microsoft.Data.Analysis, 0.22.2"
            var column = new Microsoft.Data.Analysis.PrimitiveDataFrameColumn<int>("a", new[] { 1, 2, 3 });
            // By reflection, since this test project has a type of that name too.
            var type = column.GetType().Assembly.GetType("Microsoft.Data.Analysis.DataFrame");
            var columns = Array.CreateInstance(column.GetType().BaseType, 1);
            columns.SetValue(column, 0);
            Activator.CreateInstance(type, new object[] { columns })
            """);
        Assert.True(result.Status == CellStatus.Succeeded, string.Join('\n', result.Error?.Trace ?? []));
        Assert.Equal("index  a\n0  1\n1  2\n2  3", Assert.Single(outputs.OfType<ResultOutput>()).Data["text/plain"]);
    }

    [Theory]
    [InlineData("var shown = 1.Display();", "shown.Update(2);")]
    [InlineData("var shown = new { A = 1 }.Display();", "shown.Update(2);")]
    [InlineData("var shown = \"<b>1</b>\".DisplayAs(\"text/html\");", "shown.Update(2);")]
    [InlineData("DisplayedValue shown = display(1, \"text/plain\", \"text/html\");", "shown.Update(1); shown.Update(2);")]
    [InlineData("using System; var shown = new[] { 1 }.Display(); 3.Display();", "using System; shown.Update(2);")]
    public async Task Should_ReplaceIt_When_ADisplayedValueIsUpdatedInALaterCell(string show, string update)
    {
        var (_, first) = await session.Run(show);
        var (_, second) = await session.Run(update);
        var replaced = Assert.IsType<DisplayOutput>(second.Last());
        Assert.Equal(
            (Assert.IsType<DisplayOutput>(first[0]).DisplayId, true, "2"),
            (replaced.DisplayId, replaced.IsUpdate, replaced.Data["text/plain"]));
    }

    private async Task<IReadOnlyDictionary<string, string>> Shown(string code)
    {
        var (result, outputs) = await session.Run(code);
        Assert.True(result.Status == CellStatus.Succeeded, string.Join('\n', result.Error?.Trace ?? []));
        return Assert.Single(outputs) switch
        {
            ResultOutput shown => shown.Data,
            var shown => Assert.IsType<DisplayOutput>(shown).Data,
        };
    }
}
