namespace FewShot.Kernel.Tests.Sessions;

public sealed class SharedValuesTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

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
        var inCSharp = await session.Failure("own.Way");
        Assert.Contains("'object' does not contain a definition for 'Way'", inCSharp[0], StringComparison.Ordinal);
        await session.Run("class Other { public int Way => 5; } var other = new Other();");
        var inFSharp = await session.Failure("#!fsharp\nother.Way");
        Assert.Contains("FS0039: The type 'Object' does not define", inFSharp[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_OfferTheValue_When_CSharpIsCompleted()
    {
        await session.Run("#!fsharp\nlet words = [| \"a\" |]");
        Assert.Contains(session.Complete("words.Leng").Items, item => item.Text == "Length");
    }
}
