using System.Globalization;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Episodes;

/// <summary>
/// Meta-batches of fresh classification episodes: those of iteration i are the same on every machine, however a training came there.
/// </summary>
public sealed class EpisodeTasks : ITaskSource, IDisposable
{
    private readonly EpisodeSampler sampler;
    private readonly EpisodeImages images;
    private readonly AugmentationOptions? augmentation;
    private readonly long augmented;
    private readonly int tasks;
    private readonly long seed;

    /// <summary>A source of meta-batches.</summary>
    /// <param name="set">The images; they stay the caller's and must outlive this.</param>
    /// <param name="options">Ways, shots and queries.</param>
    /// <param name="tasks">Episodes in a meta-batch, at least 1.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <param name="augmentation">How each image of an episode, support and query alike, is varied; null or
    /// <see cref="AugmentationOptions.None"/> for not at all.</param>
    /// <param name="augmented">Number of iterations, from the start, whose images are varied; null for all.</param>
    /// <exception cref="FewShotException">The set has too few classes or images; the message says how many.</exception>
    public EpisodeTasks(
        ImageSet set,
        EpisodeOptions? options = null,
        int tasks = 32,
        long seed = 0,
        torch.Device? device = null,
        AugmentationOptions? augmentation = null,
        long? augmented = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        sampler = new EpisodeSampler(set, options, seed);
        images = new EpisodeImages(set, device);
        this.augmentation = augmentation == AugmentationOptions.None ? null : augmentation;
        (this.tasks, this.seed, this.augmented) = (tasks, seed, augmented ?? long.MaxValue);
        var varied = this.augmentation is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $", the first {this.augmented} iterations with {this.augmentation}");
        Identity = string.Create(
            CultureInfo.InvariantCulture,
            $"{tasks} episodes of {set.Name} (SHA-256 {set.Digest}), {sampler.Options}, seed {seed}{varied}");
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public TaskBatch Draw(long iteration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        sampler.Position = iteration * tasks;
        var batch = images.Batch(sampler.Next(tasks));
        if (augmentation is null || iteration >= augmented)
            return batch;
        using (batch)
            return Varied(batch, iteration);
    }

    /// <inheritdoc/>
    public void Dispose() => images.Dispose();

    private TaskBatch Varied(TaskBatch batch, long iteration)
    {
        using var scope = torch.NewDisposeScope();
        using var varied = new Augmentation(augmentation!, unchecked((long)new StableRandom(seed, iteration).NextBits()));
        torch.Tensor Vary(torch.Tensor inputs) => varied.Apply(inputs.flatten(0, 1)).view(inputs.shape);
        return new TaskBatch(Vary(batch.SupportInputs), batch.SupportTargets.alias(), Vary(batch.QueryInputs), batch.QueryTargets.alias());
    }
}
