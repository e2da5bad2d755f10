using System.Globalization;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Episodes;

/// <summary>
/// Ordinary batches of images with the labels of their set, for learners that are trained as classifiers of the base classes. A batch
/// comes as one task whose images lie half in the support and half among the queries; the halves mean nothing.
/// </summary>
public sealed class ClassBatches : ITaskSource, IDisposable
{
    private readonly EpisodeImages images;
    private readonly AugmentationOptions? augmentation;
    private readonly int size;
    private readonly long seed;

    /// <summary>A source of batches.</summary>
    /// <param name="set">The images; they stay the caller's and must outlive this.</param>
    /// <param name="size">Images of a batch: even, from 2 to the number of images.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <param name="augmentation">How each image is varied; null for not at all.</param>
    /// <exception cref="FewShotException">The size is odd or out of range.</exception>
    public ClassBatches(
        ImageSet set, int size = 16, long seed = 0, torch.Device? device = null, AugmentationOptions? augmentation = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (size < 2 || size % 2 != 0 || size > set.Count)
            throw new FewShotException($"A batch of {set.Name} has an even number of images from 2 to {set.Count}; found {size}.");
        images = new EpisodeImages(set, device);
        (this.size, this.seed, this.augmentation) = (size, seed, augmentation);
        var varied = augmentation is null ? string.Empty : $", with {augmentation}";
        Identity = string.Create(
            CultureInfo.InvariantCulture, $"batches of {size} images of {set.Name} (SHA-256 {set.Digest}), seed {seed}{varied}");
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <summary>The batch of one iteration: images drawn from the whole set, none twice.</summary>
    /// <inheritdoc/>
    public TaskBatch Draw(long iteration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        using var scope = torch.NewDisposeScope();
        var random = new StableRandom(seed, iteration);
        var chosen = new HashSet<int>();
        while (chosen.Count < size)
            _ = chosen.Add(random.Next(images.Set.Count));
        EpisodeImage[] drawn = [.. chosen.Select(position => new EpisodeImage(position, (int)images.Set.LabelValues[position]))];
        using var batch = images.Batch([new Episode([], drawn[..(size / 2)], drawn[(size / 2)..])]);
        if (augmentation is null)
        {
            return new TaskBatch(
                batch.SupportInputs.alias(), batch.SupportTargets.alias(), batch.QueryInputs.alias(), batch.QueryTargets.alias());
        }

        using var varied = new Augmentation(augmentation, unchecked((long)random.NextBits()));
        torch.Tensor Vary(torch.Tensor inputs) => varied.Apply(inputs.flatten(0, 1)).view(inputs.shape);
        return new TaskBatch(Vary(batch.SupportInputs), batch.SupportTargets.alias(), Vary(batch.QueryInputs), batch.QueryTargets.alias());
    }

    /// <inheritdoc/>
    public void Dispose() => images.Dispose();
}
