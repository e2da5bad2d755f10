using FewShot.Data;
using TorchSharp;

namespace FewShot.Tests.Studies;

/// <summary>Images of 32 x 32 that a study can tell apart at once: noise, with a bright column for each class.</summary>
internal static class StripedImages
{
    /// <param name="name">Of the set; sets whose names differ in length hold different noise.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="perClass">Images of each.</param>
    /// <param name="noise">The noise is below this, at most 255.</param>
    /// <param name="firstClass">The name of class 0, or null for "NAME 0".</param>
    public static ImageSet Make(string name, int classes, int perClass, int noise, string? firstClass = null)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)name.Length, torch.CPU);
        var images = torch.randint(0, noise, [classes * perClass, 3, 32, 32], torch.uint8, generator: generator);
        var labels = torch.arange(classes * perClass, torch.int64).remainder(classes);
        for (var i = 0; i < classes * perClass; i++)
            _ = images[i].select(2, 4 * (i % classes)).fill_(255);
        return new ImageSet(
            name,
            images,
            labels,
            [.. Enumerable.Range(0, classes).Select(i => i == 0 && firstClass is not null ? firstClass : $"{name} {i}")]);
    }
}
