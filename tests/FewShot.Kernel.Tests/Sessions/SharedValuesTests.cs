namespace FewShot.Kernel.Tests.Sessions;

public sealed class SharedValuesTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("var x = 3;", "x + 1", "4")]
    [InlineData("var x = \"three\";", "x.Length", "5")]
    [InlineData("var x = new[] { 1, 2, 3 };", "Array.sum x", "6")]
    [InlineData("var x = new[,] { { 1, 2 } };", "x[0, 1]", "2")]
    [InlineData("int[][] x = [[1], [2, 3]];", "x[1].Length", "2")]
    [InlineData("var x = new Dictionary<string, List<int>> { [\"a\"] = [7] };", "x[\"a\"][0]", "7")]
    [InlineData("IEnumerable<int> x = Enumerable.Range(1, 3).Where(i => i > 1);", "Seq.sum x", "5")]
    [InlineData("var x = (1, \"b\");", "let struct (a, b) = x\nb", "b")]
    [InlineData("var x = new { Way = 5 };", "x.GetType().GetProperty(\"Way\").GetValue(x)", "5")]
    [InlineData("record Own(int Way); var x = new Own(5);", "string x", "Own { Way = 5 }")]
    [InlineData("int? x = null;", "x.HasValue", "False")]
    [InlineData("Func<int, int> x = i => i + 1;", "x.Invoke 2", "3")]
    [InlineData("var x = TorchSharp.torch.ones(3);", "x.sum().item<single>()", "3")]
    [InlineData("var x = new Dictionary<int, int> { [4] = 1 }.Keys;", "Seq.head x", "4")]
    public async Task Should_SeeTheVariable_When_CSharpHasIt(string csharp, string fsharp, string value)
    {
        await session.Run(csharp);
        Assert.Equal(value, await session.Value("#!fsharp\n" + fsharp));
    }

    [Theory]
    [InlineData("let x = 3", "int y = x + 1; y", "4")]
    [InlineData("let x = \"three\"", "x.Length", "5")]
    [InlineData("let x = [| 1; 2; 3 |]", "x.Sum()", "6")]
    [InlineData("let x = [ 1; 2; 3 ]", "x.Sum() + x.Head", "7")]
    [InlineData("let x = dict [ \"a\", ResizeArray [ 7 ] ]", "x[\"a\"][0]", "7")]
    [InlineData("let x = (1, \"b\")", "x.Item2", "b")]
    [InlineData("let x = struct (1, \"b\")", "x.Item2", "b")]
    [InlineData("let x = Some 4", "x.Value", "4")]
    [InlineData("type Own = { Way: int }\nlet x = { Way = 5 }", "((dynamic)x).Way", "5")]
    [InlineData("let x = TorchSharp.torch.ones(3L)", "x.sum().item<float>()", "3")]
    [InlineData("let x = System.Collections.Generic.Dictionary<int, int>().Keys", "x.Count", "0")]
    [InlineData("let x = List.map ((+) 1) >> List.length", "x.GetType().BaseType.Name", "FSharpFunc`2")]
    public async Task Should_SeeTheValue_When_FSharpHasIt(string fsharp, string csharp, string value)
    {
        await session.Run("#!fsharp\n" + fsharp);
        Assert.Equal(value, await session.Value(csharp));
    }

    [Fact]
    public async Task Should_HandOverTheReference_When_AValueIsShared()
    {
        await session.Run("var list = new List<int>();");
        await session.Run("#!fsharp\nlist.Add 3\nlet same = list");
        Assert.Equal("True", await session.Value("object.ReferenceEquals(list, same) && list.Count == 1"));
    }

    [Fact]
    public async Task Should_SeeTheLatestValue_When_BothSidesChangeIt()
    {
        await session.Run("var n = 1;");
        await session.Run("#!fsharp\nn <- n + 1");
        Assert.Equal("2", await session.Value("n"));
        await session.Run("n = 10;");
        Assert.Equal("11", await session.Value("#!fsharp\nn <- n + 1\nn"));
        Assert.Equal("11", await session.Value("n"));
        await session.Run("#!fsharp\nlet n = \"text\"");
        Assert.Equal("4", await session.Value("n.Length"));
    }

    [Fact]
    public async Task Should_KeepWhatFSharpSet_When_CSharpDidNotChangeItSince()
    {
        await session.Run("#!fsharp\nlet mutable n = 1");
        Assert.Equal("1", await session.Value("n"));
        await session.Run("#!fsharp\nn <- 2");
        Assert.Equal("3", await session.Value("#!fsharp\nn + 1"));
    }

    [Fact]
    public async Task Should_PassValuesOn_When_OneCellHasBothLanguages() =>
        Assert.Equal("12", await session.Value("var a = 5;\n#!fsharp\nlet b = a + 1\n#!csharp\nvar c = b * 2;\nc"));

    [Fact]
    public async Task Should_PassValuesOn_When_FSharpFollowsBoth() =>
        Assert.Equal("13", await session.Value("#!fsharp\nlet b = 6\n#!csharp\nvar c = b * 2;\n#!fsharp\nc + 1"));

    [Fact]
    public async Task Should_TakeTheCellsOwnName_When_FSharpGivesOneAnew()
    {
        await session.Run("var x = 1;");
        Assert.Equal("2", await session.Value("var y = 0;\n#!fsharp\nlet x = x + 1\nlet y = x\ny"));
    }

    [Fact]
    public async Task Should_SayThatTheNameIsUnknown_When_NeitherSideHasIt()
    {
        await session.Run("#!fsharp\nlet known = 1");
        Assert.Contains("CS0103", (await session.Failure("unknown + known"))[0], StringComparison.Ordinal);
        Assert.Contains("FS0039", (await session.Failure("#!fsharp\nunknown2 + known"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_SayWhatIsMissing_When_AMemberOfAnUnnameableTypeIsUsed()
    {
        await session.Run("#!fsharp\ntype Own = { Way: int }\nlet own = { Way = 5 }");
        Assert.Contains("'object' does not contain a definition for 'Way'", (await session.Failure("own.Way"))[0], StringComparison.Ordinal);
        await session.Run("class Other { public int Way => 5; } var other = new Other();");
        Assert.Contains("FS0039: The type 'Object' does not define", (await session.Failure("#!fsharp\nother.Way"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_OfferTheValue_When_CSharpIsCompleted()
    {
        await session.Run("#!fsharp\nlet words = [| \"a\" |]");
        Assert.Contains(session.Complete("words.Leng").Items, item => item.Text == "Length");
    }
}
