using FewShot.Kernel.Sessions;

namespace FewShot.Kernel.Tests.Sessions;

public class StoppableLoopsTests
{
    private const string Check = "global::FewShot.Kernel.Cells.CellStop.Check();";

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
    [InlineData("Action spin = () => { while (true) { } };", "Action spin = () => { while (true) {? } };")]
    [InlineData("class Spinner { void Spin() { for (;;) ; } }", "class Spinner { void Spin() { for (;;) {? ; } } }")]
    public void Should_AskAtEveryTurn_When_CodeRepeats(string code, string expected) =>
        Assert.Equal(expected.Replace("?", " " + Check, StringComparison.Ordinal), StoppableLoops.In(code));

    [Theory]
    [InlineData("var sum = numbers.Sum();")]
    [InlineData("var text = \"while (true) { }\"; // for (;;) { }")]
    [InlineData("switch (x) { case 1: goto case 2; case 2: break; }")]
    [InlineData("while (true { }")]
    public void Should_LeaveTheCode_When_NothingRepeatsOrItHasFaults(string code) => Assert.Equal(code, StoppableLoops.In(code));

    [Fact]
    public void Should_KeepEveryLine_When_CodeRepeats()
    {
        const string Code = "for (var i = 0; i < 3; i++)\n{\n    while (x)\n        Go(i);   // on\n}\n\nx";
        var lines = StoppableLoops.In(Code).Split('\n');
        Assert.Equal(Code.Split('\n').Length, lines.Length);
        Assert.Equal($"        {{ {Check} Go(i); }}   // on", lines[3]);
    }
}
