using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>Takes a mean from each channel and divides by a standard deviation; the defaults are torchvision's for ImageNet.</summary>
public sealed record ChannelNormalisation : Normalisation
{
    /// <summary>Channel means, of pixels scaled to 0..1.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>Channel standard deviations, of pixels scaled to 0..1.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.229, 0.224, 0.225];

    /// <inheritdoc/>
    public override string Key => $"mean {Join(Mean)} std {Join(StandardDeviation)}";

    /// <inheritdoc/>
    /// <exception cref="FewShotException">There are not three means and three positive deviations.</exception>
    public override torch.Tensor Apply(torch.Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (Mean.Count != 3 || StandardDeviation.Count != 3 || !StandardDeviation.All(deviation => deviation > 0))
            throw new FewShotException("Normalising needs three means and three standard deviations above 0, one for each channel.");
        using var scope = torch.NewDisposeScope();
        var mean = torch.tensor(Mean.ToArray(), torch.float32, images.device).view(1, 3, 1, 1);
        var deviation = torch.tensor(StandardDeviation.ToArray(), torch.float32, images.device).view(1, 3, 1, 1);
        return (images - mean).div_(deviation).MoveToOuterDisposeScope();
    }

    /// <summary>Equal where means and deviations are.</summary>
    public bool Equals(ChannelNormalisation? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    private static string Join(IReadOnlyList<double> values) =>
        string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
