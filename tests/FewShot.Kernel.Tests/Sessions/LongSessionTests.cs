namespace FewShot.Kernel.Tests.Sessions;

public sealed class LongSessionTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    /// <summary>Where each cell kept the references of all before it, it kept more than is allowed here.</summary>
    [Fact]
    public async Task Should_KeepLittleForEachCell_When_ManyStandBeforeIt()
    {
        const int Cells = 40, Allowed = 250_000;
        await Run(Cells);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Run(Cells);
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / Cells;
        Assert.True(kept < Allowed, $"{kept} bytes for each cell.");
    }

    [Fact]
    public async Task Should_ReferenceLibrary_When_ALaterCellNamesIt()
    {
        await session.Run("var first = 1;");
        File.Copy(typeof(Assert).Assembly.Location, Path.Combine(session.Folder, "some-library.dll"));
        await session.Run("#r \"some-library.dll\"\nusing static Xunit.Assert;");
        await session.Run("var second = 2;");
        Assert.Equal("Xunit.Assert", await session.Value("Equal(first + 1, second); typeof(Xunit.Assert).FullName"));
    }

    [Fact]
    public async Task Should_KnowUsingsOfEarlierCells_When_OthersStandBetween()
    {
        await session.Run("using System.IO; using Words = System.Collections.Generic.List<string>; using static System.Math;");
        await session.Run("class Kept { public Words All = [\"a\"]; }");
        await session.Run("var kept = new Kept();");
        Assert.Equal(
            "a.txt 2",
            await session.Value("Path.GetFileName($\"b/{kept.All[0]}.txt\") + \" \" + Max(1, new Words { \"a\", \"b\" }.Count)"));
    }

    private async Task Run(int cells)
    {
        for (var i = 0; i < cells; i++)
            Assert.Equal("2", await session.Value("1+1"));
    }
}
