namespace FewShot.Models;

/// <summary>The shape of a residual network of basic blocks (He et al. 2016, section 4).</summary>
public sealed record ResNetOptions
{
    /// <summary>ResNet-18 for ImageNet, as torchvision builds it: 11,689,512 parameters.</summary>
    public static ResNetOptions ResNet18 { get; } = new();

    /// <summary>A small network for 32-pixel images: 3x3 stem, no pooling, three stages of one block; 306 thousand parameters and a head.</summary>
    public static ResNetOptions Small { get; } = new() { Name = "small ResNet", Widths = [32, 64, 128], BlocksPerStage = 1, Stem = ResNetStem.Cifar };

    /// <summary>What it is called in outputs.</summary>
    public string Name { get; init; } = "ResNet-18";

    /// <summary>Channels of each stage; every stage after the first halves height and width. The last is the feature count.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [64, 128, 256, 512];

    /// <summary>Basic blocks (two 3x3 convolutions each) in every stage.</summary>
    public int BlocksPerStage { get; init; } = 2;

    /// <summary>The layers before the first stage.</summary>
    public ResNetStem Stem { get; init; } = ResNetStem.ImageNet;

    /// <summary>Outputs of the last, fully connected layer.</summary>
    public int Classes { get; init; } = 1000;
}
