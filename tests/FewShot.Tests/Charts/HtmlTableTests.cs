using FewShot.Charts;
using FewShot.Runtime;

namespace FewShot.Tests.Charts;

public class HtmlTableTests
{
    [Fact]
    public void Should_Escape_Everything_When_Cells_Hold_Markup()
    {
        var html = HtmlTable.Of(["<h>"], [["<script>alert(1)</script>"]], "a & <b>").Html;
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;h&gt;", html, StringComparison.Ordinal);
        Assert.Contains("a &amp; &lt;b&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Align_Numbers_To_The_Right_And_Words_To_The_Left()
    {
        var html = HtmlTable.Of(["recipe", "accuracy"], [["probe", "76.7 % [75.8, 77.5]"], ["2 layers", 0.5]]).Html;
        Assert.Equal(3, html.Split("text-align:right").Length - 1);
        Assert.Equal(3, html.Split("text-align:left").Length - 1);
    }

    [Fact]
    public void Should_Line_Up_Columns_When_Shown_As_Text()
        => Assert.Equal(
            "Recipes\nname    n\n-----  --\nprobe   5\nx      10",
            HtmlTable.Of(["name", "n"], [["probe", 5], ["x", 10]], "Recipes").ToString());

    [Fact]
    public void Should_Put_The_Caption_Before_The_Table_When_There_Is_One()
    {
        var html = HtmlTable.Of(["a"], [[1]], "A caption much wider than its table").Html;
        Assert.Matches(
            "^<figure [^>]*><figcaption [^>]*>A caption much wider than its table</figcaption><table .*</table></figure>$", html);
        Assert.Matches("^<table .*</table>$", HtmlTable.Of(["a"], [[1]]).Html);
    }

    [Fact]
    public void Should_Name_The_Row_When_It_Has_Too_Few_Cells()
        => Assert.Contains(
            "Row 2",
            Assert.Throws<FewShotException>(() => HtmlTable.Of(["a", "b"], [[1, 2], [1]])).Message,
            StringComparison.Ordinal);
}
