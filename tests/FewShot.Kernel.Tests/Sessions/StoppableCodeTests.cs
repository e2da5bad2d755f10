using System.Linq.Expressions;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace FewShot.Kernel.Tests.Sessions;

public class StoppableCodeTests
{
    private const string Check = "global::FewShot.Kernel.Cells.CellStop.Check();";
    private const string Enter = "global::FewShot.Kernel.Cells.CellStop.Enter();";
    private const string For = "FewShot.Kernel.Cells.CellWait.For(";
    private const string Here = "FewShot.Kernel.Cells.CellWait.Here(";

    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithReferences(
            typeof(object).Assembly, typeof(Enumerable).Assembly, typeof(Expression).Assembly, typeof(List<>).Assembly,
            typeof(IQueryable).Assembly, typeof(Queryable).Assembly, typeof(Microsoft.CSharp.RuntimeBinder.Binder).Assembly,
            typeof(CellStop).Assembly)
        .WithImports("System", "System.Collections.Generic", "System.Linq", "System.Linq.Expressions", "System.Threading.Tasks")
        .WithAllowUnsafe(true);

    // One compilation whose symbols of the referenced assemblies all others share.
    private static readonly Script Base = Compiled(CSharpScript.Create("1", Options));

    [Theory]
    [InlineData("while (true) { x++; }", "while (true) {? x++; }")]
    [InlineData("while (true) x++;", "while (true) {? x++; }")]
    [InlineData("while (true) ;", "while (true) {? ; }")]
    [InlineData("do x++; while (true);", "do {? x++; } while (true);")]
    [InlineData("for (;;) { }", "for (;;) {? }")]
    [InlineData("foreach (var n in all) sum += n;", "foreach (var n in all) {? sum += n; }")]
    [InlineData("foreach (var (a, b) in all) { }", "foreach (var (a, b) in all) {? }")]
    [InlineData("while (a) while (b) x++;", "while (a) {? while (b) {? x++; } }")]
    [InlineData("again: x++; if (x < 9) goto again;", "again: x++; if (x < 9) {? goto again; }")]
    [InlineData("Action spin = () => { while (true) { } };", "Action spin = () => {! while (true) {? } };")]
    [InlineData("class Spinner { void Spin() { for (;;) ; } }", "class Spinner { void Spin() {! for (;;) {? ; } } }")]
    [InlineData("try { } finally { for (;;) { } }", "try { } finally { for (;;) {! } }")]
    public void Should_AskAtEveryTurn_When_CodeRepeats(string code, string expected) => Assert.Equal(Written(expected), Stoppable(code));

    [Theory]
    [InlineData("int F(int n) { return n; }", "int F(int n) {! return n; }")]
    [InlineData("int F(int n) => n + 1;", "int F(int n) {! return n + 1; }")]
    [InlineData("void F() => G();", "void F() {! G(); }")]
    [InlineData("int F() => throw new Exception();", "int F() {! throw new Exception(); }")]
    [InlineData("async Task F() => await G();", "async Task F() {! await %G()); }")]
    [InlineData("async Task<int> F() => await G();", "async Task<int> F() {! return await %G()); }")]
    [InlineData("class A { int P => 1; }", "class A { int P { get {! return 1; } } }")]
    [InlineData("class A { int P { get => 1; set => G(); } }", "class A { int P { get {! return 1; } set {! G(); } } }")]
    [InlineData("class A { A() => G(); ~A() => G(); }", "class A { A() {! G(); } ~A() {! G(); } }")]
    [InlineData("Func<int, int> f = x => x + 1;", "Func<int, int> f = x => {! return x + 1; };")]
    [InlineData("Action f = () => Console.Write(1);", "Action f = () => {! Console.Write(1); };")]
    [InlineData("Func<int, Func<int, int>> f = x => y => x;", "Func<int, Func<int, int>> f = x => {! return y => {! return x; }; };")]
    public void Should_AskAtTheEntry_When_CodeIsAFunction(string code, string expected) => Assert.Equal(Written(expected), Stoppable(code));

    [Theory]
    [InlineData("await Task.Delay(1);", "await #Task.Delay(1));")]
    [InlineData("var n = 1 + await G() * 2;", "var n = 1 + await #G()) * 2;")]
    [InlineData("try { } finally { await G(); }", "try { } finally { await G(); }")]
    public void Should_EndTheWait_When_CodeAwaits(string code, string expected) => Assert.Equal(Written(expected), Stoppable(code));

    [Theory]
    [InlineData("var sum = numbers.Sum();")]
    [InlineData("var text = \"while (true) { }\"; // for (;;) { }")]
    [InlineData("switch (x) { case 1: goto case 2; case 2: break; }")]
    [InlineData("while (true { }")]
    [InlineData("Expression<Func<int, int>> e = x => x + 1;")]
    [InlineData("var e = (Expression<Func<int, int>>)(x => x + 1);")]
    [InlineData("LambdaExpression e = (int x) => x + 1;")]
    [InlineData("Expression<Func<int[], int>> e = xs => xs.Count(x => x > 1);")]
    [InlineData("new[] { 1 }.AsQueryable().Where(x => x > 1).Select(x => x * 2)")]
    public void Should_LeaveTheCode_When_NothingRepeatsOrRunsOrItHasFaults(string code) => Assert.Equal(code, Stoppable(code));

    [Theory]
    [InlineData("IEnumerable<int> F() { yield return 1; } async IAsyncEnumerable<int> G() { await Task.Yield(); yield return 1; }")]
    [InlineData("static T Same<T>(T value) where T : struct => value; ref int At(int[] all) => ref all[0]; Same(At(new[] { 1 }))")]
    [InlineData("struct S { int n; public S(int n) => this.n = n; public S() : this(1) { } public readonly int N => n; }")]
    [InlineData("record R(int A) { public R() : this(1) { } public int this[int i] => A + i; public static R operator +(R a, R b) => a; }")]
    [InlineData("class C { public static implicit operator int(C c) => 1; public event Action E { add => G(); remove { } } void G() { } }")]
    [InlineData("interface I { int N { get; } int Two => 2 * N; static abstract int M(); } abstract class B { public abstract int F(); }")]
    [InlineData("class B { public B(int n) { } } class D : B { static D() { } public D() : base(2) => Console.Write(1); int P { get; } }")]
    [InlineData("{ static int Local(int n) => n < 1 ? 0 : Local(n - 1); Local(3); void None() => Local(1); None(); }")]
    [InlineData("var text = $\"{new[] { 1 }.Select(x => x + 1).Sum():F2} {await Task.FromResult(1)}\";")]
    [InlineData("var raw = $$\"\"\"{{new[] { 1 }.Select(x => x + 1).Sum()}} {{await Task.FromResult(1)}}\"\"\";")]
    [InlineData("var seen = new HashSet<int>(); new List<int> { 1 }.ForEach(x => seen.Add(x)); Task.Run(() => seen.Add(2));")]
    [InlineData("await Task.Run(async () => await Task.Delay(1)); var n = await Task.Run(async () => await Task.FromResult(1)); n + 1")]
    [InlineData("var f = (int x = 1, params int[] more) => x; delegate int D(ref int x); D d = (ref x) => x;")]
    [InlineData("var g = async () => { await Task.Yield(); }; Func<Task> h = async delegate { await Task.Yield(); };")]
    [InlineData("Func<Exception> f = () => throw new Exception(); Func<int, string> g = x => x switch { > 1 => \"a\", _ => \"b\" };")]
    [InlineData("await default(ValueTask); int n = await new ValueTask<int>(5); await Task.Yield();")]
    [InlineData("await Task.Delay(1).ConfigureAwait(false); int M() => 1;")]
    [InlineData("dynamic d = Task.FromResult(1); int n = await d; List<int> l = await Task.Run<List<int>>(() => [1, 2]);")]
    [InlineData("class E { int n; public void operator +=(int by) => n += by; public int P { get => field; set => field = value; } }")]
    [InlineData("var all = from x in new[] { 1, 2 } where x > 1 orderby -x let y = x * 2 select new Func<int>(() => y)();")]
    [InlineData("unsafe int Read(int* p) => *p; { Span<int> span = stackalloc int[2]; } int First(ReadOnlySpan<int> s) => s[0];")]
    [InlineData("[Obsolete] int Old() /* was */ => // why\n    1;\n#if X\nint No() => 2;\n#else\nint Yes() => 3;\n#endif")]
    public void Should_StillCompile_When_CodeIsStoppable(string code)
    {
        var stoppable = Stoppable(code);
        Assert.NotEqual(code, stoppable);
        Assert.Equal([], Faults(stoppable));
    }

    [Fact]
    public void Should_KeepEveryLine_When_CodeRepeats()
    {
        const string Code = "for (var i = 0; i < 3; i++)\n{\n    while (x)\n        Go(i);   // on\n}\n\nx";
        var lines = Stoppable(Code).Split('\n');
        Assert.Equal(Code.Split('\n').Length, lines.Length);
        Assert.Equal($"        {{ {Check} Go(i); }}   // on", lines[3]);
    }

    private static string Written(string expected) => expected
        .Replace("?", " " + Check, StringComparison.Ordinal)
        .Replace("!", " " + Enter, StringComparison.Ordinal)
        .Replace("%", For, StringComparison.Ordinal)
        .Replace("#", Here, StringComparison.Ordinal);

    private static string Stoppable(string code) => StoppableCode.In(Base.ContinueWith(code).GetCompilation());

    private static IEnumerable<string> Faults(string code) => Base.ContinueWith(code).GetCompilation()
        .GetDiagnostics(TestContext.Current.CancellationToken)
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
        .Select(diagnostic => diagnostic.ToString());

    private static Script Compiled(Script script)
    {
        _ = script.Compile();
        return script;
    }
}
