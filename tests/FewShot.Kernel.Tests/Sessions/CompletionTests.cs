using FewShot.Kernel.Cells;
using FewShot.Kernel.Packages;
using FewShot.Kernel.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class CompletionTests(CompletionTests.Cells session) : IClassFixture<CompletionTests.Cells>
{
    private static readonly string[] Settable = ["Inner", "Name", "Notes", "Rate", "Steps"];

    [Theory]
    [InlineData("torch.|", "zeros", "tensor", "stack", "sum")]
    [InlineData("torch.ones(2).|", "sum", "to", "view", "size", "squeeze", "ToString")]
    [InlineData("|", "Console", "Tuple", "torch", "ImageSet", "display", "while", "session1")]
    [InlineData("TUP|", "Tuple")]
    public void Should_OfferTheName_When_ThereAreVeryMany(string marked, params string[] expected) =>
        Assert.All(expected, name => Assert.Contains(name, session.Words(marked)));

    [Theory]
    [InlineData("new Learner { | }")]
    [InlineData("Learner made = new() { |")]
    [InlineData("var made = new Learner {\n    | };")]
    [InlineData("new Learner { Inner = { | } }")]
    [InlineData("new Learner() with { |")]
    public void Should_OfferWhatCanBeSet_When_AnObjectIsInitialized(string marked) => Assert.Equal(Settable, session.Words(marked));

    [Theory]
    [InlineData("new Learner { Steps = 1, | }", "Inner", "Name", "Notes", "Rate")]
    [InlineData("new Learner { St| }", "Steps")]
    public void Should_OfferTheRest_When_AnObjectIsPartlyInitialized(string marked, params string[] expected) =>
        Assert.Equal(expected, session.Words(marked));

    [Theory]
    [InlineData("new List<int> { sess|")]
    [InlineData("new Learner { Steps = sess|")]
    public void Should_OfferValues_When_OneIsToBeGiven(string marked) => Assert.Equal(["session1"], session.Words(marked));

    [Theory]
    [InlineData("#!ti", 0, "#!time")]
    [InlineData("var a = 1;\n#!fs", 11, "#!fsharp")]
    [InlineData("#!fsharp\n#!csh", 9, "#!csharp")]
    public void Should_OfferTheWord_When_ALineBeginsLikeIt(string code, int start, string expected)
    {
        var found = session.Complete(code);
        Assert.Equal((start, code.Length), (found.Start, found.End));
        Assert.Equal(expected, Assert.Single(found.Items).Text);
    }

    [Fact]
    public void Should_OfferEveryWord_When_OnlyItsMarkIsWritten() =>
        Assert.Equal(CellWords.Known, session.Complete("#!").Items.Select(item => item.Text));

    [Fact]
    public void Should_OfferNoWord_When_TheirLineGoesOn() => Assert.Empty(session.Words("#!import he|"));

    /// <summary>
    /// The compiler's own answer is the measure; it is only slow where many cells stand before.
    /// </summary>
    [Theory]
    [InlineData("|")]
    [InlineData("int own = 1; string Twice(int given) { var local = given; { | } }")]
    [InlineData("class Inner : Base { int mine; class Deeper { void M<T>(T each) { | } } }")]
    [InlineData("using System.IO; using static System.Math; using P = System.IO.Path;\nvar f = (int n) => |;")]
    [InlineData("interface IMine : System.Collections.ICollection { void M() { | } }")]
    [InlineData("from each in new[] { 1 } select |")]
    [InlineData("record Point(int X) { int Y => | }")]
    public void Should_OfferWhatTheCompilerKnows_When_AWordStandsAlone(string marked)
    {
        var at = marked.IndexOf('|', StringComparison.Ordinal);
        var compilation = Before.Value.ContinueWith<object>(marked.Remove(at, 1)).GetCompilation();
        var model = compilation.GetSemanticModel(compilation.SyntaxTrees.Single());
        var expected = model.LookupSymbols(at).Where(symbol => symbol.CanBeReferencedByName).Select(symbol => symbol.Name);
        var found = new SymbolsInScope((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)compilation, model, at).StartingWith(string.Empty);
        Assert.Equal(expected.Distinct().Order(), found.Select(symbol => symbol.Name).Distinct().Order());
    }

    [Theory]
    [InlineData("Console.WriteLine(|", "void Console.WriteLine(string? value)", "void Console.WriteLine(bool value)")]
    [InlineData("new List<int>(|", "List<int>.List()", "List<int>.List(int capacity)")]
    [InlineData("List<int> made = new(|", "List<int>.List(int capacity)", "List<int>.List(IEnumerable<int> collection)")]
    [InlineData("new Learner(|)", "Learner.Learner()", "Learner.Learner(int steps)")]
    public void Should_ShowEveryOverload_When_InsideTheBrackets(string marked, params string[] expected) =>
        Assert.All(expected, declaration => Assert.Contains(declaration, session.Inspect(marked), StringComparison.Ordinal));

    [Fact]
    public void Should_ShowTheOneThatIsMeantFirst_When_ItHasOverloads() =>
        Assert.StartsWith("```csharp\nint Math.Abs(int value)\n", session.Inspect("Math.A|bs(1)"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Console.WriteL|ine()", "line terminator")]
    [InlineData("\"text\".Subs|tring(1)", "Retrieves a substring")]
    [InlineData("new List<int>(|", "Initializes a new instance")]
    [InlineData("new Stri|ngBuilder()", "mutable string of characters")]
    public void Should_ShowTheDocumentation_When_TheFrameworkIsInspected(string marked, string expected)
    {
        Assert.SkipUnless(Directory.Exists(FrameworkDocumentation.Pack), "The SDK brings it.");
        Assert.Contains(expected, session.Inspect(marked), StringComparison.Ordinal);
    }

    private static readonly Lazy<Script<object>> Before = new(() => CSharpScript
        .Create<object>(
            "using System.Text; using Words = System.Collections.Generic.List<string>; int first = 1;",
            ScriptOptions.Default.WithReferences(References.All).WithImports(Imports.All))
        .ContinueWith<object>("using static System.Console; class Base { protected int Shared; private int hidden; public void M() { } }")
        .ContinueWith<object>("var second = first; int Function() => 1;"));

    /// <summary>A session with some cells.</summary>
    public sealed class Cells : IAsyncLifetime
    {
        private readonly TestSession session = new();

        public async ValueTask InitializeAsync()
        {
            await session.Run("var session1 = 1;");
            await session.Run("""
                record Learner
                {
                    public Learner() { }
                    public Learner(int steps) => Steps = steps;
                    public int Steps { get; set; }
                    public string Name { get; init; }
                    public List<string> Notes { get; } = [];
                    public Learner Inner { get; set; }
                    public double Rate;
                    public readonly int Fixed;
                    public static int Count { get; set; }
                    public int Twice => 2 * Steps;
                    public int Own { get; private set; }
                }
                """);
        }

        public Completions Complete(string code) => session.Complete(code);

        public IReadOnlyList<string> Words(string marked) => session.Words(marked);

        public string? Inspect(string marked) => session.Inspect(marked);

        public ValueTask DisposeAsync()
        {
            session.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
