using FewShot.Course;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Course;

public sealed class RawPixelsTests
{
    [Fact]
    public void Should_GiveThePixelsThemselves_When_AskedForFeatures()
    {
        using var scope = torch.NewDisposeScope();
        using var pixels = new RawPixels(4);
        var images = torch.arange(2 * 3 * 4 * 4, torch.float32).view(2, 3, 4, 4);

        Assert.Equal(Enumerable.Range(0, 96).Select(i => (float)i), pixels.Features(images).flatten().data<float>());
    }

    [Fact]
    public void Should_Refuse_When_TheImagesHaveAnotherSize()
    {
        using var scope = torch.NewDisposeScope();
        using var pixels = new RawPixels(4);

        Assert.Throws<FewShotException>(() => pixels.Features(torch.zeros(1, 3, 5, 5)));
    }
}
