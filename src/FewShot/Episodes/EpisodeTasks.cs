using System.Globalization;
using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Episodes;

/// <summary>Meta-batches of fresh classification episodes: those of iteration i are the same on every machine, however a training came there.</summary>
public sealed class EpisodeTasks : ITaskSource, IDisposable
{
    private readonly EpisodeSampler sampler;
    private readonly EpisodeImages images;
    private readonly int tasks;

    /// <summary>A source of meta-batches.</summary>
    /// <param name="set">The images; they stay the caller's and must outlive this.</param>
    /// <param name="options">Ways, shots and queries.</param>
    /// <param name="tasks">Episodes in a meta-batch, at least 1.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <exception cref="FewShotException">The set has too few classes or images; the message says how many.</exception>
    public EpisodeTasks(ImageSet set, EpisodeOptions? options = null, int tasks = 32, long seed = 0, torch.Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        sampler = new EpisodeSampler(set, options, seed);
        images = new EpisodeImages(set, device);
        this.tasks = tasks;
        Identity = string.Create(CultureInfo.InvariantCulture, $"{tasks} episodes of {set.Name} (SHA-256 {set.Digest}), {sampler.Options}, seed {seed}");
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public TaskBatch Draw(long iteration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        sampler.Position = iteration * tasks;
        return images.Batch(sampler.Next(tasks));
    }

    /// <inheritdoc/>
    public void Dispose() => images.Dispose();
}
