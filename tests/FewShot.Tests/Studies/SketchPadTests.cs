using FewShot.Data;
using FewShot.Studies;
using FewShot.Tests.Data;

namespace FewShot.Tests.Studies;

public class SketchPadTests
{
    [Fact]
    public void Should_MakeADrawingThatCanBeRead_When_Sketched()
    {
        using var folder = new TemporaryFolder();
        (double X, double Y)[][] strokes = [[(20, 52), (85, 52)]];
        SketchPad.Write(folder.At("one.png"), strokes);
        SketchPad.Write(folder.At("other.png"), strokes, wobble: 5, seed: 1);

        using var one = Drawing.Read(folder.At("one.png"), Omniglot.Side);
        using var other = Drawing.Read(folder.At("other.png"), Omniglot.Side);

        // A line across the middle, and paper above and below.
        Assert.True(one[0, 13, 14].item<byte>() + one[0, 14, 14].item<byte>() > 200);
        Assert.Equal(0, one[0].narrow(0, 0, 10).sum().item<long>() + one[0].narrow(0, 18, 10).sum().item<long>());
        Assert.False(one.equal(other).all().item<bool>());
    }
}
