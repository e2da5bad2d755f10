using FewShot.Kernel.Cells;
using FewShot.Kernel.Tests.Sessions;

namespace FewShot.Kernel.Tests.Display;

public sealed class DisplaySafetyTests(TestSession session) : IClassFixture<TestSession>
{
    [Theory]
    [InlineData("var list = new List<object>(); list.Add(list); list", "[ [ [ ... ] ] ]")]
    [InlineData("var cycle = new object[1]; cycle[0] = cycle; cycle", "[ [ [ ... ] ] ]")]
    [InlineData("var old = new System.Collections.ArrayList(); old.Add(old); old", "[ [ [ ... ] ] ]")]
    [InlineData(
        "class Endless : IEnumerable<Endless> { public IEnumerator<Endless> GetEnumerator() { yield return new Endless(); } "
            + "IEnumerator IEnumerable.GetEnumerator() => GetEnumerator(); } new Endless()",
        "[ [ [ ... ] ] ]")]
    [InlineData("var map = new Dictionary<string, object>(); map[\"me\"] = map; map", "me")]
    public async Task Should_CutItAndGoOn_When_AValueContainsItself(string code, string deepest)
    {
        Assert.Contains(deepest, (await Shown(code))["text/html"], StringComparison.Ordinal);
        Assert.Equal("2", await session.Value("1 + 1"));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/plain")]
    [InlineData("text/plain+summary")]
    public async Task Should_CutIt_When_CodeFormatsAValueThatContainsItself(string mimeType)
    {
        var text = await session.Value(
            $"var deep = new List<object>(); deep.Add(new {{ A = new {{ B = deep }} }}); deep.ToDisplayString(\"{mimeType}\")");
        Assert.InRange(text.Length, 1, 100_000);
    }

    [Fact]
    public async Task Should_CutIt_When_CodeDisplaysAValueThatContainsItself() =>
        Assert.Contains(
            "[ [ [ ... ] ] ]",
            (await Shown("var self = new List<object>(); self.Add(self); self.Display();"))["text/html"],
            StringComparison.Ordinal);

    [Fact]
    public async Task Should_ShowItsText_When_TheDefaultFormatterThrows()
    {
        var data = await Shown("Newtonsoft.Json.Linq.JObject.Parse(\"{ \\\"a\\\": [1, 2] }\")");
        Assert.Contains("\"a\": [", data["text/plain"], StringComparison.Ordinal);
        Assert.Equal("{}", (await Shown("Newtonsoft.Json.Linq.JObject.Parse(\"{}\")"))["text/plain"]);
    }

    [Fact]
    public async Task Should_ShowItsTextAndSayWhy_When_ARegisteredFormatterThrows()
    {
        var data = await Shown("""
            record Faulty(int A);
            Formatter.Register<Faulty>(_ => throw new InvalidOperationException("no ink"), "text/html");
            new Faulty(1)
            """);
        Assert.Equal(
            "Faulty { A = 1 }\n[The formatter that is registered for it as text/html throws InvalidOperationException: no ink]",
            data["text/plain"]);
    }

    [Theory]
    [InlineData("class Mute { public override string ToString() => throw new Exception(\"mute\"); } new Mute()", "mute")]
    [InlineData("class Sealed { public int A => throw new Exception(\"closed\"); } new Sealed()", "closed")]
    [InlineData("class Torn : IEnumerable<int> { public IEnumerator<int> GetEnumerator() { yield return 1; "
        + "throw new Exception(\"torn\"); } IEnumerator IEnumerable.GetEnumerator() => GetEnumerator(); } new Torn()", "Torn")]
    public async Task Should_ShowWhatThereIs_When_AMemberThrows(string code, string part) =>
        Assert.Contains(part, (await Shown(code))["text/plain"], StringComparison.Ordinal);

    [Theory]
    [InlineData("Enumerable.Range(0, 1_000_000_000)", "18, 19 ... (999999980 more) ]")]
    [InlineData("IEnumerable<string> Forever() { while (true) yield return \"again\"; } Forever()", "again ... (more) ]")]
    [InlineData("IEnumerable<object> Things() { while (true) yield return new { A = 1 }; } Things()", "... (more)")]
    public async Task Should_ShowTheBeginning_When_ASequenceDoesNotEnd(string code, string end) =>
        Assert.EndsWith(end, (await Shown(code))["text/plain"], StringComparison.Ordinal);

    [Fact]
    public async Task Should_ReadItOnce_When_ASequencePrints()
    {
        var (_, outputs) = await session.Run("Enumerable.Range(0, 3).Select(i => { Console.Write(i); return i; })");
        Assert.Equal("012", string.Concat(outputs.OfType<StreamOutput>().Select(output => output.Text)));
    }

    [Fact]
    public async Task Should_CutItWithASentence_When_AStringIsHuge()
    {
        var text = (await Shown("new string('x', 11_000_000)"))["text/plain"];
        Assert.EndsWith("x\n[The text of this value passes 10,000,000 characters: the rest is left out.]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTML(\"<p>begin</p>\" + new string('x', 11_000_000))")]
    [InlineData("HTML(\"<p>begin</p>\" + new string('x', 11_000_000)).Display(\"text/html\");")]
    [InlineData("(\"<p>begin</p>\" + new string('x', 11_000_000)).DisplayAs(\"text/html\");")]
    public async Task Should_ShowTheBeginningAndASentence_When_HtmlIsHuge(string code)
    {
        var html = (await Shown(code))["text/html"];
        Assert.StartsWith("<pre>begin\nxxx", html, StringComparison.Ordinal);
        Assert.EndsWith(
            "<p>[The HTML of this value passes 10,000,000 characters: the beginning of its text is shown.]</p>",
            html,
            StringComparison.Ordinal);
        Assert.InRange(html.Length, 1, 2 * HtmlText.Limit);
    }

    [Fact]
    public async Task Should_Stop_When_AValueThatIsBeingShownDoesNotEnd()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromMilliseconds(300));
        var (result, _) = await session.RunUntil(
            stop.Token,
            "class Slow { public override string ToString() { System.Threading.Thread.Sleep(20); return \"slow\"; } } "
            + "Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, 20).Select(_ => new Slow()))");
        Assert.Equal(CellStatus.Cancelled, result.Status);
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
