using FewShot.Kernel.Tests.Sessions;

namespace FewShot.Kernel.Tests.Dialect;

/// <summary>C# of files and programs, in cells.</summary>
public sealed class ProgramCodeTests(TestSession session) : IClassFixture<TestSession>
{
    private const string Noted =
        "class Noted(string name) : IDisposable, IAsyncDisposable { public static List<string> Log = []; public static string All { get { "
        + "var all = string.Join(' ', Log); Log.Clear(); return all; } } public void Dispose() => Log.Add(name); "
        + "public ValueTask DisposeAsync() { Log.Add(name + \"-async\"); return ValueTask.CompletedTask; } }\n";

    [Theory]
    [InlineData("using var a = new Noted(\"a\"); Noted.Log.Add(\"cell\");", "cell a")]
    [InlineData("using Noted a = new(\"a\"), b = new(\"b\"); using var c = new Noted(\"c\");", "c b a")]
    [InlineData("await using var a = new Noted(\"a\");", "a-async")]
    [InlineData("using Noted none = null;", "")]
    [InlineData("void Inside() { using var a = new Noted(\"a\"); } Inside(); Noted.Log.Add(\"after\");", "a after")]
    public async Task Should_DisposeOfIt_When_TheCellEnds(string code, string log)
    {
        await session.Run(Noted + code);
        Assert.Equal(log, await session.Value("Noted.All"));
    }

    [Fact]
    public async Task Should_DisposeOfIt_When_TheCellThrows()
    {
        await session.Run(Noted + "using var a = new Noted(\"a\");\nthrow new Exception();");
        Assert.Equal("a", await session.Value("Noted.All"));
    }

    [Fact]
    public async Task Should_FailTheCell_When_DisposingThrows()
    {
        var failure = await session.Failure(
            "class Bad : IDisposable\n{\n    public void Dispose() => throw new Exception(\"no end\");\n}\nusing var bad = new Bad();");
        Assert.Equal("System.Exception: no end", failure[0]);
        Assert.Matches("^   at Bad.Dispose in cell [0-9]+, line 3$", failure[1]);
    }

    [Theory]
    [InlineData("using var five = 5;", "line 1, column 20: 'five' cannot be disposed of: its type is no IDisposable.")]
    [InlineData("using var m = new MemoryStream(); var y = unknown;", "line 1, column 43: CS0103: The name 'unknown'")]
    [InlineData("using System.Net\nvar x = 1;", "line 2, column 5: CS1002: ; expected")]
    [InlineData("using var m = unknown;", "line 1, column 15: CS0103: The name 'unknown'")]
    [InlineData("await using var m = new MemoryStream();\nvar y = unknown;", "line 2, column 9: CS0103")]
    [InlineData("using var m = new MemoryStream();\nthrow new Exception(\"late\");", "   at cell", "line 2")]
    [InlineData("namespace Far.Away;\nclass B\n{\n    int x = unknown;\n}", "line 4, column 13: CS0103")]
    [InlineData("namespace Far\n{\n    namespace Away\n    {\n        class B { int x = unknown; }\n    }\n}", "line 5, column 27: CS0103")]
    [InlineData("static class A { public static int Go(this int n) => unknown; }", "line 1, column 54: CS0103")]
    [InlineData("static class A\n{\n    public static int Go(this Unknown n) => 1;\n}", "line 3, column 31: CS0246")]
    [InlineData("static class A { public enum B { C } public static B Go(this int n) => B.C; }", "Write it at the top level of the cell")]
    [InlineData("Span<int> span = stackalloc int[3];", "line 1, column 1: a variable of a cell cannot be of type Span<int>")]
    [InlineData("var span = new byte[3].AsSpan();", "Put braces { } around the lines that use it, or keep an array")]
    [InlineData("static class G { extension(int n) { public int Go() => n; } }", "Write extension methods at its top level instead")]
    [InlineData("Console.Write(1);\n#load \"some.cs\"", "line 2, column 2: #load stands above all code of its cell")]
    [InlineData("partial class P { public partial void Go(); }", "P.Go() has no body, and no source generator writes one", null)]
    public async Task Should_SayWhatAndWhere_When_SuchCodeHasAFault(string code, string message, string? second = null)
    {
        var trace = string.Join('\n', await session.Failure(code));
        Assert.Contains(message, trace, StringComparison.Ordinal);
        Assert.Contains(second ?? string.Empty, trace, StringComparison.Ordinal);
        Assert.DoesNotContain("global::", trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_ShowTheLineAsItWasWritten_When_ItHasAFault()
    {
        var trace = await session.Failure("using var m = new MemoryStream(unknown);");
        Assert.Equal("    using var m = new MemoryStream(unknown);", trace[1]);
        Assert.Equal("                                   ~~~~~~~", trace[2]);
    }

    [Theory]
    [InlineData("public static class Words { public static string Excited(this string s) => s + \"!\"; }", "\"a\".Excited()", "a!")]
    [InlineData("static class Words2 { internal static string Excited2(this string s) => s + \"!\"; }", "Words2.Excited2(\"a\")", "a!")]
    [InlineData(
        "static class Words3 { static int Twice(this int n) => 2 * n; public static int Four(this int n) => n.Twice().Twice(); }",
        "3.Four()",
        "12")]
    [InlineData(
        "static class Lists\n{\n    /// <summary>The last.</summary>\n    public static T Latest<T>(\n        "
        + "this IReadOnlyList<T> all, // of these\n        int back = 1) where T : notnull => all[^back];\n}",
        "new[] { 1, 2, 3 }.Latest() + new[] { 1, 2, 3 }.Latest(back: 2)",
        "5")]
    [InlineData(
        "static class Refs { public static void Up(this ref int n, out int before) { before = n; n++; } }",
        "int up = 4; up.Up(out var was); up + was",
        "9")]
    [InlineData("record Point(int X); static class Points { public static int Left(this Point p) => -p.X; }", "new Point(2).Left()", "-2")]
    public async Task Should_KnowTheExtension_When_ItStandsInAStaticClass(string code, string use, string value)
    {
        Assert.Equal(value, await session.Value($"{code}\n{use}"));
        Assert.Equal(value, await session.Value(use));
    }

    [Fact]
    public async Task Should_NameTheExtensionOnce_When_ItThrows()
    {
        var trace = await session.Failure(
            "static class Ends\n{\n    public static void End(this int n) =>\n        throw new Exception(\"end\");\n}\n\n3.End();");
        Assert.Equal(3, trace.Count);
        Assert.Matches("^   at Ends.End in cell [0-9]+, line 4$", trace[1]);
        Assert.Matches("^   at cell [0-9]+, line 7$", trace[2]);
    }

    [Theory]
    [InlineData("namespace Shop.Stock;\npublic class Apple { public int Price => 9; }", "new Apple().Price")]
    [InlineData(
        "using System.Net;\nnamespace Shop.Stock\n{\n    using System.Numerics;\n"
        + "    class Pear { public int Price => (int)new Complex(9, 0).Real; }\n}",
        "new Pear().Price")]
    [InlineData("namespace Shop { namespace Cellar { class Plum { public int Price => 9; } } }", "new Shop.Cellar.Plum().Price")]
    [InlineData("namespace Shop.Roof;\nclass Fig { public int Price => 9; }", "using Shop.Roof;\nnew Fig().Price")]
    [InlineData("var top = 9;\nnamespace Shop.Late { using System.Numerics; record struct Kiwi(Vector2 At); }", "new Kiwi(new(9, 0)).At.X")]
    [InlineData(
        "namespace Shop.Ext;\nstatic class Prices { public static int Price(this string name) => 9; }",
        "using Shop.Ext;\n\"fig\".Price()")]
    [InlineData(
        "namespace FewShot.Data.Mine;\nclass Sets { public Type Kind => typeof(ImageSet); }",
        "new Sets().Kind == typeof(ImageSet) ? 9 : 0")]
    [InlineData("file class Hidden { public int Price => 9; }", "new Hidden().Price")]
    [InlineData("namespace Data;\nclass Row { }", "var Data = new[] { 4, 5 }; Data.Sum()")]
    public async Task Should_KnowItsTypes_When_ACellDeclaresANamespace(string code, string use)
    {
        await session.Value(code + "\n1");
        Assert.Equal("9", await session.Value(use));
    }

    [Fact]
    public async Task Should_KnowItsTypes_When_ALoadedFileDeclaresANamespace()
    {
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "item.cs"),
            "using System.Collections;\n\nnamespace Depot.Items;\n\npublic class Item\n{\n    "
            + "public void Break() => throw new Exception(\"far\");\n}\n",
            TestContext.Current.CancellationToken);
        Assert.Equal("Item", await session.Value("#load \"item.cs\"\nusing Depot.Items;\nnew Depot.Items.Item().GetType().Name"));
        Assert.Contains("   at Item.Break in item.cs, line 7", await session.Failure("new Item().Break();"));
    }

    [Fact]
    public async Task Should_NameTheFilesLine_When_ALoadedFileDoesNotCompile()
    {
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "bad.cs"),
            "namespace Depot.Bad\n{\n    class Item { int x = unknown; }\n}\n",
            TestContext.Current.CancellationToken);
        var trace = await session.Failure("#load \"bad.cs\"");
        Assert.StartsWith("bad.cs, line 3, column 26: CS0103", trace[0], StringComparison.Ordinal);
        Assert.Equal("        class Item { int x = unknown; }", trace[1]);
    }

    [Fact]
    public async Task Should_LoadBoth_When_TwoFilesLoadEachOther()
    {
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "one.cs"), "#load \"two.cs\"\nclass One { }", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(session.Folder, "two.cs"), "#load \"one.cs\"\nclass Two { }", TestContext.Current.CancellationToken);
        Assert.Equal("Two", await session.Value("#load \"one.cs\"\nnew Two().GetType().Name"));
    }

    [Theory]
    [InlineData("static partial class R1 { [GeneratedRegex(\"^a+$\")] public static partial Regex Of(); }\nR1.Of()")]
    [InlineData(
        "static partial class R2\n{\n    [GeneratedRegex(\"^A+$\", RegexOptions.IgnoreCase)]\n"
        + "    public static partial Regex Of { get; }\n}\nR2.Of")]
    [InlineData("[GeneratedRegex(\"^a+$\", RegexOptions.None, matchTimeoutMilliseconds: 1000)] private static partial Regex Of3();\nOf3()")]
    [InlineData(
        "partial class R4 { [GeneratedRegex(\"^A+$\", RegexOptions.IgnoreCase, \"en-US\")] public static partial Regex Of(); }\nR4.Of()")]
    [InlineData(
        "partial class R5 { [GeneratedRegex(\"\"\"\n  ^a+  # letters\n  $\n"
        + "  \"\"\", RegexOptions.IgnorePatternWhitespace)] public static partial Regex Of(); }\nR5.Of()")]
    public async Task Should_Match_When_TheExpressionIsAGeneratedOne(string code) =>
        Assert.Equal(
            "True False",
            await session.Value(
                $"using System.Text.RegularExpressions;\n{code} is var regex "
                + "? $\"{regex.IsMatch(\"aa\")} {regex.IsMatch(\"b\")}\" : null"));

    [Fact]
    public async Task Should_KnowExpressionOnce_When_AskedTwice() =>
        Assert.Equal(
            "True",
            await session.Value(
                "using System.Text.RegularExpressions;\npartial class R6 { [GeneratedRegex(\"a\")] public static partial Regex Of(); }\n"
                + "object.ReferenceEquals(R6.Of(), R6.Of())"));
}
