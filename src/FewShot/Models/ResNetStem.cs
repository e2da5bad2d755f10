namespace FewShot.Models;

/// <summary>The layers of a residual network before its first stage.</summary>
public enum ResNetStem
{
    /// <summary>7x7 convolution of stride 2, then 3x3 max-pooling of stride 2: a quarter of the height and width.</summary>
    ImageNet,

    /// <summary>3x3 convolution of stride 1, no pooling: height and width stay (He et al. 2016, section 4.2).</summary>
    Cifar,
}
