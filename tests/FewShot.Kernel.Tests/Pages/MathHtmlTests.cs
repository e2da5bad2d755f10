using System.Xml.Linq;
using FewShot.Kernel.Pages;

namespace FewShot.Kernel.Tests.Pages;

public class MathHtmlTests
{
    [Theory]
    [InlineData("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData("\\frac{1}{N}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>N</mi></mrow></mfrac>")]
    [InlineData("\\theta'", "<msup><mi>θ</mi><mrow><mo>′</mo></mrow></msup>")]
    [InlineData("\\sum_{i=1}^N", "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>N</mi></munderover>")]
    [InlineData("\\mathcal{L}", "<mi>ℒ</mi>")]
    [InlineData("\\hat{y}", "<mover accent=\"true\"><mrow><mi>y</mi></mrow><mo>^</mo></mover>")]
    [InlineData("a < b", "<mo>&lt;</mo>")]
    [InlineData("0.9", "<mn>0.9</mn>")]
    [InlineData("\\unknown x", "<mtext>\\unknown</mtext><mi>x</mi>")]
    [InlineData("\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}", "<mtable displaystyle=\"true\"><mtr>")]
    public void Should_WriteMathML_When_FormulaIsTex(string tex, string mathml) =>
        Assert.Contains(mathml, MathHtml.Render(tex, isBlock: false), StringComparison.Ordinal);

    [Theory]
    [InlineData("\\theta' = \\theta - \\alpha \\nabla_\\theta \\mathcal{L}_{\\mathcal{T}_i}\\left(f_\\theta\\right)")]
    [InlineData("\\frac{")]
    [InlineData("x_")]
    [InlineData("}{ & \\\\ \\end{aligned} \\")]
    [InlineData("\\begin{aligned} a")]
    [InlineData("'''_^")]
    public void Should_StayWellFormed_When_FormulaIsLongOrBroken(string tex) =>
        Assert.Equal("math", XDocument.Parse(MathHtml.Render(tex, isBlock: true)).Root!.Name.LocalName);

    [Theory]
    [InlineData("{")]
    [InlineData("\\frac")]
    [InlineData("\\hat")]
    [InlineData("x^{")]
    [InlineData("\\left\\sqrt")]
    [InlineData("\\begin{aligned}")]
    public void Should_EndAsText_When_FormulaIsNestedWithoutEnd(string piece)
    {
        var tex = string.Concat(Enumerable.Repeat(piece, 20_000)) + "z";
        var math = XDocument.Parse(MathHtml.Render(tex, isBlock: false)).Root!;
        Assert.Contains('z', math.Value);
    }

    [Theory]
    [InlineData("\\unknown{x}", "\\unknownx")]
    [InlineData("\\mystery_{1}", "\\mystery1")]
    public void Should_ShowTheSource_When_ACommandIsUnknown(string tex, string shown) =>
        Assert.Equal(shown, XDocument.Parse(MathHtml.Render(tex, isBlock: false)).Root!.Value);

    [Fact]
    public void Should_LeaveTexToTheFormula_When_MarkdownHoldsIt()
    {
        var html = new MarkdownHtml("/a", "/b", new Dictionary<string, string>()).Render("With $\\theta_i - \\theta_j$:\n\n$$\nx_1\n$$\n");
        Assert.Contains("<msub><mi>θ</mi><mi>i</mi></msub>", html, StringComparison.Ordinal);
        Assert.Contains("<math display=\"block\"", html, StringComparison.Ordinal);
    }
}
