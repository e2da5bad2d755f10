using System.Text;
using System.Text.Json;
using FewShot.Charts;
using FewShot.Evaluation;
using SkiaSharp;

namespace FewShot.Tests.Charts;

public class StillFontTests
{
    [Fact]
    public void Should_TakeTheFontWithTheLetters_When_ThePreferredOneLacksThem()
    {
        var font = StillFont.Choose(["Latin", "Chinese", "Greek"], Runes("A猫"), Fonts);
        Assert.Equal(new StillFont("Chinese", string.Empty), font);
    }

    [Fact]
    public void Should_StayWithThePreferredFont_When_ItHasAll() =>
        Assert.Equal("Latin", StillFont.Choose(["Latin", "Chinese"], Runes("A"), Fonts).Family);

    [Fact]
    public void Should_NameWhatIsMissing_When_NoFontHasIt() =>
        Assert.Equal(new StillFont("Chinese", "ג"), StillFont.Choose(["Latin", "Chinese", "Greek"], Runes("A猫ג"), Fonts));

    [Fact]
    public void Should_SeeEveryTextOnce_When_AFigureIsRead()
    {
        using var figure = JsonDocument.Parse("""{"data":[{"name":"猫","x":["犬 猫"]}],"layout":{"title":{"text":"a🐈"}}}""");
        Assert.Equal(Runes("猫犬a🐈"), StillFont.Letters(figure.RootElement));
    }

    [Fact]
    public void Should_HaveTheLettersOrSayWhichAreMissing_When_AChartIsChinese()
    {
        var bars = new (string, Estimate)[] { ("猫", new Estimate(0.5)), ("犬", new Estimate(0.6)) };
        using var chinese = SKBitmap.Decode(ChartHtml.StillPng(BarComparison.Of(bars), 640, 400));
        var lastLine = Enumerable.Range(376, 24).SelectMany(y => Enumerable.Range(14, 300).Select(x => chinese.GetPixel(x, y)));
        var says = lastLine.Count(pixel => pixel.Red < 128) > 100;
        var has = SKFontManager.Default.FontFamilies.Any(family => SKTypeface.FromFamilyName(family).ContainsGlyphs("猫犬"));
        Assert.NotEqual(has, says);
    }

    private static Rune[] Runes(string text) => [.. text.EnumerateRunes()];

    private static Func<Rune, bool> Fonts(string family) => letter => family switch
    {
        "Latin" => letter.Value < 0x100,
        "Chinese" => letter.Value is < 0x80 or > 0x4000,
        _ => letter.Value is > 0x370 and < 0x400,
    };
}
