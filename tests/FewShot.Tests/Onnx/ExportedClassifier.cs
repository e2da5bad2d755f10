using FewShot.Onnx;
using FewShot.Tests.Data;
using FewShot.Tests.Onnx;
using FewShot.Tests.Transfer;
using FewShot.Transfer;
using TorchSharp;

[assembly: AssemblyFixture(typeof(ExportedClassifier))]

namespace FewShot.Tests.Onnx;

/// <summary>A classifier of small photos on the course's backbone, its model, and photos of odd sizes, unlike its own.</summary>
public sealed class ExportedClassifier : IDisposable
{
    private static readonly (int Height, int Width)[] Sizes = [(157, 233), (301, 121), (97, 511)];

    private readonly TemporaryFolder folder = new();
    private readonly Lazy<Classifier> classifier;

    public ExportedClassifier() => classifier = new Lazy<Classifier>(Make);

    /// <summary>The classifier; its photos are mirrored, and it refuses what is unlike them.</summary>
    public Classifier Classifier => classifier.Value;

    /// <summary>Its ONNX model.</summary>
    public string ModelPath => folder.At("model.onnx");

    /// <summary>Photos of odd sizes.</summary>
    public IReadOnlyList<string> Photos => [.. Sizes.Select((_, i) => folder.At($"photo{i}.png"))];

    public void Dispose()
    {
        if (classifier.IsValueCreated)
            classifier.Value.Dispose();
        folder.Dispose();
    }

    private Classifier Make()
    {
        using var scope = torch.NewDisposeScope();
        using var photos = new PhotoFolder().With("apple", 3, 0).With("leaf", 3, 1).With("\u0445\u043e\u0440\u0451\u043a", 3, 2);
        var made = Classifier.Train(photos.Root, new ClassifierOptions { Size = 96 });
        made.ExportOnnx(ModelPath);
        foreach (var ((height, width), path) in Sizes.Zip(Photos))
            Pictures.Save(Pictures.Make(1, height, width)[0], path);
        return made;
    }
}
