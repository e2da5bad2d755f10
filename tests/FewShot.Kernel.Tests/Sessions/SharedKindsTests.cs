namespace FewShot.Kernel.Tests.Sessions;

/// <summary>Values of many types, one after another in one session.</summary>
public sealed class SharedKindsTests(TestSession session) : IClassFixture<TestSession>
{
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
}
