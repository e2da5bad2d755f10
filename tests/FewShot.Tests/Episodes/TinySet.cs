using FewShot.Data;
using TorchSharp;

namespace FewShot.Tests.Episodes;

/// <summary>Images of one pixel that say which they are.</summary>
internal static class TinySet
{
    /// <summary>Classes of equal size; the pixel of image i is i modulo 256.</summary>
    public static ImageSet Of(int classes, int perClass)
    {
        using var scope = torch.NewDisposeScope();
        var count = classes * perClass;
        var pixels = torch.tensor(Enumerable.Range(0, count).Select(i => (byte)i).ToArray(), [count, 1, 1, 1], torch.uint8);
        // Labels take turns, so that a class is no stretch of images.
        return new ImageSet(
            "tiny",
            pixels,
            torch.arange(count, torch.int64).remainder(classes),
            [.. Enumerable.Range(0, classes).Select(i => $"class {i}")]);
    }
}
