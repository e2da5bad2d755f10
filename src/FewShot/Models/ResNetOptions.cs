namespace FewShot.Models;

/// <summary>The shape of a residual network of basic blocks (He et al. 2016, section 4).</summary>
public sealed record ResNetOptions
{
    /// <summary>ResNet-18 for ImageNet, as torchvision builds it: 11,689,512 parameters.</summary>
    public static ResNetOptions ResNet18 { get; } = new();

    /// <summary>
    /// The ImageNet network of the package Microsoft.ML.DnnImageFeaturizer.ResNet18: 20 layers, since its last stage has three blocks where
    /// ResNet-18 has two. The package holds no classifier.
    /// </summary>
    public static ResNetOptions TwentyLayers { get; } = new() { Name = "20-layer ResNet", Blocks = [2, 2, 2, 3] };

    /// <summary>What it is called in outputs.</summary>
    public string Name { get; init; } = "ResNet-18";

    /// <summary>Channels of each stage; every stage after the first halves height and width. The last is the feature count.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [64, 128, 256, 512];

    /// <summary>Basic blocks (two 3x3 convolutions each) of each stage.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [2, 2, 2, 2];

    /// <summary>The layers before the first stage.</summary>
    public ResNetStem Stem { get; init; } = ResNetStem.ImageNet;

    /// <summary>Outputs of the last, fully connected layer.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>
    /// The name of each output, or null: a network that does not know its classes predicts none until it is fine-tuned or started from a
    /// head.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The same network with an output for each of these classes.</summary>
    public ResNetOptions For(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        return this with { Classes = classNames.Count, ClassNames = classNames };
    }
}
