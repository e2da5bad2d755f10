using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Evaluation;

/// <summary>
/// Finds images of one set that nearly repeat images of another: the same photograph a little shifted, sharper or brighter. Judged on
/// such images, a classifier is asked what it has been told (Barz and Denzler 2020, "Do We Train on Test Data? Purging CIFAR of
/// Near-Duplicates").
/// </summary>
public static class NearDuplicates
{
    /// <summary>
    /// Correlation of pixels from which two images count as near-duplicates: brighter, noisy and mirrored copies have it, copies that
    /// are shifted or cropped may not.
    /// </summary>
    public const double Threshold = 0.95;

    private const int ChunkSize = 1000;

    /// <summary>
    /// The positions in <paramref name="images"/> that nearly repeat none of <paramref name="others"/>, nor its mirror image. Labels
    /// are not looked at.
    /// </summary>
    /// <param name="images">uint8, N x C x H x W.</param>
    /// <param name="others">Images of the same channels and size.</param>
    /// <param name="threshold">Correlation from which a pair counts, above 0 and at most 1.</param>
    /// <returns>Positions in ascending order.</returns>
    /// <exception cref="FewShotException">The sets differ in channels or size, or the threshold is out of range.</exception>
    public static long[] Without(ImageSet images, ImageSet others, double threshold = Threshold)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(others);
        if (!images.Images.shape[1..].SequenceEqual(others.Images.shape[1..]))
        {
            throw new FewShotException(
                $"{images.Name} and {others.Name} have images of different sizes: "
                + $"[{string.Join(", ", images.Images.shape)}] and [{string.Join(", ", others.Images.shape)}].");
        }

        if (!(threshold is > 0 and <= 1))
            throw new FewShotException($"A correlation to call near-duplicates by is above 0 and at most 1; found {threshold}.");
        using var scope = torch.NewDisposeScope();
        var known = torch.cat([Standardised(others.Images), Standardised(others.Images.flip(3))]).t();
        var highest = images.Images.split(ChunkSize).Select(chunk =>
        {
            using var inner = torch.NewDisposeScope();
            return Standardised(chunk).mm(known).amax([1]).MoveToOuterDisposeScope();
        });
        return torch.cat([.. highest]).lt(threshold).nonzero().flatten().data<long>().ToArray();
    }

    /// <summary>
    /// Each image as a row of mean 0 and length 1, so that a product of two rows is their correlation. A plain image is correlated with
    /// none.
    /// </summary>
    private static torch.Tensor Standardised(torch.Tensor images)
    {
        var rows = images.flatten(1).to(torch.float32);
        return torch.nn.functional.normalize(rows - rows.mean([1], keepdim: true), dim: 1);
    }
}
