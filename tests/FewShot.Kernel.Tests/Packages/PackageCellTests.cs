using System.Runtime.InteropServices;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Tests.Sessions;

namespace FewShot.Kernel.Tests.Packages;

public sealed class PackageCellTests : IDisposable
{
    private readonly TestSession session = new();
    private readonly LocalFeed feed;

    public PackageCellTests() => feed = new LocalFeed(session.Folder);

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Should_LoadItAndWhatItNeeds_When_ACellAsksForAPackage()
    {
        feed.Add("Inner.Test", "1.0.0", "namespace Inner { public static class Number { public static int Value => 41; } }");
        feed.Add(
            "Outer.Test",
            "1.0.0",
            "namespace Outer { public static class Number { public static int Value => Inner.Number.Value + 1; } }",
            needs: "Inner.Test");
        feed.Add("Outer.Test", "2.0.0", "namespace Outer { public static class Number { public static int Value => 0; } }");
        Assert.Equal("42", await session.Value("#r \"nuget: Outer.Test, 1.0.0\"\nusing Outer;\nNumber.Value"));
        Assert.Equal("41", await session.Value("Inner.Number.Value"));
        var failure = await session.Failure("#r \"nuget: Outer.Test, 2.0.0\"\nNumber.Value");
        Assert.Contains("Outer.Test is in use already", failure[0], StringComparison.Ordinal);
        // Fetched once, it needs no source again.
        Directory.Delete(Path.Combine(session.Folder, "feed"), recursive: true);
        Assert.Equal("42", await session.Value("#r \"nuget: Outer.Test, 1.0.0\"\nNumber.Value"));
    }

    [Fact(Explicit = true)]
    public async Task Should_KnowThePackageInBothLanguages_When_FSharpAsksForIt()
    {
        feed.Add("Both.Test", "1.0.0", "namespace Both { public class Number { public int Value => 41; } }");
        Assert.Equal("42", await session.Value("#!fsharp\n#r \"nuget: Both.Test, 1.0.0\"\nlet number = Both.Number()\nnumber.Value + 1"));
        Assert.Equal("41", await session.Value("new Both.Number().Value"));
        Assert.Equal("41", await session.Value("number.Value"));
    }

    [Theory(Explicit = true)]
    [InlineData("#r \"nuget: No.Such.Package, 1.0.0\"", "cell 1, line 2, column 1: NU1101")]
    [InlineData("#r \"nuget: \"", "cell 1, line 2, column 1: this names no package")]
    [InlineData("#i \"nuget: no/such/folder\"", "cell 1, line 2, column 1: there is no folder no/such/folder")]
    public async Task Should_SayWhy_When_APackageThatFSharpAsksForCannotBeHad(string line, string reason) =>
        Assert.StartsWith(reason, (await session.Failure($"#!fsharp\n{line}\n1"))[0], StringComparison.Ordinal);

    [Fact(Explicit = true)]
    public async Task Should_FindIt_When_ThePackageIsAskedForBelowCodeAndItsSourceNamedByTheCell()
    {
        feed.Add("Named.Test", "1.0.0", "namespace Named { public class Number { public int Value => 41; } }");
        Directory.Move(Path.Combine(session.Folder, "feed"), Path.Combine(session.Folder, "my feed (50%)"));
        Directory.CreateDirectory(Path.Combine(session.Folder, "empty"));
        LocalFeed.Configure(session.Folder, "empty");
        await session.Run("#i \"nuget: my feed (50%)\"");
        Assert.Equal("42", await session.Value("var one = 1;\n#r \"nuget: Named.Test, 1.0.0\"\nnew Named.Number().Value + one"));
    }

    [Fact]
    public async Task Should_KnowIt_When_ALibraryIsReferencedBelowCode()
    {
        File.Copy(typeof(Assert).Assembly.Location, Path.Combine(session.Folder, "below.dll"));
        Assert.Equal("Assert1", await session.Value("var one = 1;\n#r \"below.dll\"\ntypeof(Xunit.Assert).Name + one"));
    }

    [Theory]
    [InlineData("var a = 1;\n#r \"none.dll\"", "cell 1, line 2, column 1: CS0006: Metadata file 'none.dll' could not be found")]
    [InlineData("\n#i \"nuget: no/such/folder\"", "cell 1, line 2, column 1: there is no folder no/such/folder")]
    [InlineData("#i \"https://some.where\"", "cell 1, line 1, column 1: this names no source of packages; write #i \"nuget: https://...\"")]
    public async Task Should_SayWhy_When_AReferenceOrASourceCannotBeHad(string code, string reason) =>
        Assert.StartsWith(reason, (await session.Failure(code))[0], StringComparison.Ordinal);

    [Fact]
    public async Task Should_AskForARestart_When_ALibraryIsReferencedThatWasBuiltAgain()
    {
        var path = Path.Combine(session.Folder, "mine.dll");
        LocalFeed.Build(path, "public static class Mine { public static int Value => 1; }");
        Assert.Equal("1", await session.Value("#r \"mine.dll\"\nMine.Value"));
        Assert.Equal("1", await session.Value("#r \"mine.dll\"\nMine.Value"));
        File.Delete(path);
        LocalFeed.Build(path, "public static class Mine { public static int Value => 2; }");
        Assert.Equal(
            "cell 3, line 2, column 1: mine.dll has been built again since a cell first referenced it, and what is loaded stays as it was. "
            + "Restart the kernel to have the new one.",
            (await session.Failure("\n#r \"mine.dll\"\nMine.Value"))[0]);
    }

    [Fact(Explicit = true)]
    public async Task Should_FindItsNativeLibrary_When_APackageCallsIt()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "The test's package is for Linux (x64).");
        // Any small library with a function of no arguments will do: .NET's own has one.
        var library = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        feed.Add(
            "Native.Test",
            "1.0.0",
            "using System.Runtime.InteropServices; public static class Native { "
            + "[DllImport(\"fewshottest\", EntryPoint = \"SystemNative_GetPid\")] public static extern int Id(); }",
            native: ("libfewshottest.so", library));
        Assert.Equal("True", await session.Value("#r \"nuget: Native.Test, 1.0.0\"\nNative.Id() == Environment.ProcessId"));
    }

    [Fact]
    public async Task Should_SayThatItIsHereAndFetchNothing_When_TheCourseCarriesIt()
    {
        var (result, outputs) = await session.Run("#r \"nuget: MathNet.Numerics, 4.9.0\"\nMathNet.Numerics.Constants.Pi > 3");
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Matches(
            @"^MathNet\.Numerics [\d.]+ comes with the course and is used in place of 4\.9\.0\.$",
            Assert.IsType<DisplayOutput>(outputs[0]).Data["text/plain"]);
        Assert.Equal("True", Assert.IsType<ResultOutput>(outputs[1]).Data["text/plain"]);
        Assert.False(Directory.Exists(Path.Combine(session.Folder, "cache")));
    }

    [Theory]
    [InlineData("No.Such.Package, 1.0.0", "feed", "cell 1, line 2, column 1: NU1101: Unable to find package No.Such.Package")]
    [InlineData("Some.Test, 9.0.0", "feed", "cell 1, line 2, column 1: NU1102: Unable to find package Some.Test with version (>= 9.0.0)")]
    [InlineData("Some.Test, new", "feed", "or no version; write #r")]
    [InlineData(
        "Some.Test, 1.0.0",
        "http://127.0.0.1:9/index.json",
        "NU1301: Unable to load the service index for source http://127.0.0.1:9/index.json")]
    [InlineData("Some.Test, $(Evil)", "feed", "this names no package")]
    public async Task Should_GiveNuGetsReasonAndChangeNothing_When_APackageCannotBeHad(string package, string source, string reason)
    {
        feed.Add("Some.Test", "1.0.0", "public static class Some { }");
        LocalFeed.Configure(session.Folder, source);
        var failure = await session.Failure($"// Fetch.\n#r \"nuget: {package}\"\nvar fresh = 1;");
        Assert.Contains(reason, failure[0], StringComparison.Ordinal);
        Assert.Contains("CS0103", (await session.Failure("fresh"))[0], StringComparison.Ordinal);
    }
}
