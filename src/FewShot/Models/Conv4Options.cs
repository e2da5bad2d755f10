namespace FewShot.Models;

/// <summary>How a block of <see cref="Conv4"/> halves its image, and what the head sees.</summary>
public enum Conv4Downsampling
{
    /// <summary>The convolution has stride 2; the head sees the mean over the image (Finn et al. 2017, Omniglot).</summary>
    Stride,

    /// <summary>
    /// 2 x 2 max-pooling after the activation; the head sees all that is left (Vinyals et al. 2016; Finn et al. 2017, mini-ImageNet).
    /// </summary>
    MaxPool,

    /// <summary>As <see cref="MaxPool"/>, but in the first two blocks only: relation networks compare maps that have kept some size
    /// (Sung et al. 2018, section 3.4).</summary>
    MaxPoolTwice,
}

/// <summary>The form of a <see cref="Conv4"/>.</summary>
public sealed record Conv4Options
{
    /// <summary>28 x 28, one channel, 64 filters, stride 2, spatial mean.</summary>
    public static Conv4Options Omniglot { get; } = new();

    /// <summary>32 x 32, three channels, 32 filters, max-pooling.</summary>
    public static Conv4Options CifarFs { get; } = new() { Size = 32, Channels = 3, Filters = 32, Downsampling = Conv4Downsampling.MaxPool };

    /// <summary>Height and width of an image in pixels.</summary>
    public int Size { get; init; } = 28;

    /// <summary>Channels of an image.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Filters of each convolution.</summary>
    public int Filters { get; init; } = 64;

    /// <summary>Blocks of convolution, BatchNorm and ReLU.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>How blocks halve the image.</summary>
    public Conv4Downsampling Downsampling { get; init; } = Conv4Downsampling.Stride;

    /// <summary>Classes, or other outputs.</summary>
    public int Ways { get; init; } = 5;

    /// <summary>Stride of every convolution.</summary>
    internal int ConvolutionStride => Downsampling == Conv4Downsampling.Stride ? 2 : 1;

    /// <summary>Whether the mean over the last map is taken; otherwise all of it is kept.</summary>
    internal bool Averages => Downsampling == Conv4Downsampling.Stride;

    /// <summary>Whether a block, counted from 0, ends with max-pooling.</summary>
    internal bool Pools(int block) =>
        Downsampling == Conv4Downsampling.MaxPool || (Downsampling == Conv4Downsampling.MaxPoolTwice && block < 2);
}
