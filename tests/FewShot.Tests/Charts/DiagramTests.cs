using System.Xml.Linq;
using FewShot.Charts;
using FewShot.Runtime;

namespace FewShot.Tests.Charts;

public class DiagramTests
{
    [Fact]
    public void Should_SayInWordsWhatItShows_When_Drawn()
    {
        var figure = Small().Draw();
        Assert.Equal("The way: a photo 224 x 224 \u2192 frozen network (pixels).", figure.Text);
        Assert.Equal(figure.Text, (string?)Svg(figure).Attribute("aria-label"));
        Assert.Equal("img", (string?)Svg(figure).Attribute("role"));
    }

    [Fact]
    public void Should_TakeItsColourFromThePage_When_Drawn()
    {
        var svg = Svg(Small().Draw());
        Assert.Equal("currentColor", (string?)svg.Attribute("fill"));
        var colours = svg.Descendants().Attributes("stroke").Select(colour => colour.Value).Distinct();
        Assert.Equal(["currentColor"], colours);
    }

    [Fact]
    public void Should_EndAtTheEdges_When_AnArrowJoinsNeighbours()
    {
        var svg = Svg(Small().Draw());
        var boxes = svg.Elements("rect").ToArray();
        var line = svg.Element("line")!;
        Assert.Equal(Number(boxes[0], "x") + Number(boxes[0], "width"), Number(line, "x1"));
        var tip = svg.Element("polygon")!.Attribute("points")!.Value.Split(' ')[0].Split(',');
        Assert.Equal(Number(boxes[1], "x"), double.Parse(tip[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Should_StayInsideItsPicture_When_BoxesAndArrowsAreManifold()
    {
        var diagram = new Diagram("All").Box("a", 0, 0, "one").Box("b", 3, 2, "two\nlines").Box("c", 0, 2, "<three>")
            .Arrow("a", "b").Arrow("c", "a", "up");
        var svg = Svg(diagram.Draw());
        var size = svg.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();
        Assert.All(svg.Elements("rect"), box =>
        {
            Assert.InRange(Number(box, "x") + Number(box, "width"), 0, size[2]);
            Assert.InRange(Number(box, "y") + Number(box, "height"), 0, size[3]);
        });
        Assert.Contains(svg.Elements("text"), text => text.Value == "<three>");
    }

    [Theory]
    [InlineData("a line of more than twenty letters")]
    [InlineData("1\n2\n3\n4")]
    [InlineData("\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u4e00")]
    public void Should_BeRefused_When_ATextDoesNotFitItsBox(string text) =>
        Assert.Contains("does not fit", Error(() => new Diagram("t").Box("a", 0, 0, text)), StringComparison.Ordinal);

    [Fact]
    public void Should_BeRefused_When_BoxesOrArrowsDoNotGoTogether()
    {
        var one = new Diagram("t").Box("a", 0, 0, "x");
        Assert.Contains("the place of the box \"a\"", Error(() => one.Box("b", 0, 0, "y")), StringComparison.Ordinal);
        Assert.Contains("there are a", Error(() => one.Arrow("a", "b")), StringComparison.Ordinal);
        Assert.Contains("both are \"a\"", Error(() => one.Arrow("a", "a")), StringComparison.Ordinal);
        Assert.Contains("does not fit", Error(() => Small().Arrow("photo", "net", "far too long")), StringComparison.Ordinal);
        Assert.Contains("at least one box", Error(() => new Diagram("t").Draw()), StringComparison.Ordinal);
    }

    private static Diagram Small() => new Diagram("The way")
        .Box("photo", 0, 0, "a photo\n224 x 224").Box("net", 1, 0, "frozen network", accent: true).Arrow("photo", "net", "pixels");

    private static string Error(Func<object> make) => Assert.Throws<FewShotException>(make).Message;

    private static double Number(XElement element, string name) => (double)element.Attribute(name)!;

    private static XElement Svg(HtmlFigure figure) => XElement.Parse(figure.Html).Element("svg")!;
}
