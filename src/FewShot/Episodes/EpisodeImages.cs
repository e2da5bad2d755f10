using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Episodes;

/// <summary>
/// The images of a set, once, as bytes, on the device that computes; episodes become batches there by picking rows.
/// Pixels are scaled to 0..1.
/// </summary>
public sealed class EpisodeImages : IDisposable
{
    private readonly torch.Tensor images;

    /// <summary>Copies the images where the device is another one.</summary>
    /// <param name="set">The images; they stay the caller's and must outlive this.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    public EpisodeImages(ImageSet set, torch.Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        Set = set;
        using var scope = torch.NewDisposeScope();
        images = set.Images.to(device ?? Torch.Device).alias().DetachFromDisposeScope();
    }

    /// <summary>The set that the positions in episodes refer to.</summary>
    public ImageSet Set { get; }

    /// <summary>Episodes of one form, stacked.</summary>
    /// <param name="episodes">At least one.</param>
    /// <returns>float32 images in 0..1, tasks x examples x C x H x W, and int64 labels; the caller disposes it.</returns>
    /// <exception cref="FewShotException">There is no episode, they differ in form, or one holds an image that
    /// the set does not have.</exception>
    public TaskBatch Batch(IReadOnlyList<Episode> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        if (episodes.Count == 0)
            throw new FewShotException("A batch needs at least one episode.");
        var differ = episodes.Any(episode =>
            episode.Support.Count != episodes[0].Support.Count
            || episode.Query.Count != episodes[0].Query.Count
            || episode.Way != episodes[0].Way);
        if (differ)
            throw new FewShotException("The episodes of a batch must have the same ways, shots and queries.");
        using var scope = torch.NewDisposeScope();
        var (supportInputs, supportTargets) = Pick(episodes, episode => episode.Support);
        var (queryInputs, queryTargets) = Pick(episodes, episode => episode.Query);
        return new TaskBatch(supportInputs, supportTargets, queryInputs, queryTargets);
    }

    /// <summary>A frozen list in batches, in its order.</summary>
    /// <param name="list">Episodes of <see cref="Set"/>.</param>
    /// <param name="tasks">Episodes in a batch, at least 1; the last batch may have fewer.</param>
    /// <returns>Batches; the caller disposes each.</returns>
    public IEnumerable<TaskBatch> Batches(EpisodeList list, int tasks)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.Episodes.Chunk(tasks).Select(Batch);
    }

    /// <inheritdoc/>
    public void Dispose() => images.Dispose();

    private (torch.Tensor Inputs, torch.Tensor Targets) Pick(
        IReadOnlyList<Episode> episodes, Func<Episode, IReadOnlyList<EpisodeImage>> part)
    {
        var examples = part(episodes[0]).Count;
        var positions = new long[episodes.Count * examples];
        var labels = new long[positions.Length];
        var next = 0;
        foreach (var episode in episodes)
        {
            foreach (var image in part(episode))
            {
                if (image.Position < 0 || image.Position >= Set.Count)
                {
                    throw new FewShotException(
                        $"{Set.Name} has {Set.Count} images; "
                        + $"an episode holds number {image.Position} (counted from 0): it belongs to another set.");
                }

                (positions[next], labels[next]) = (image.Position, image.Label);
                next++;
            }
        }

        var index = torch.tensor(positions, torch.int64).to(images.device);
        var inputs = images.index_select(0, index).to(torch.float32).div_(255);
        var targets = torch.tensor(labels, [episodes.Count, examples], torch.int64).to(images.device);
        return (inputs.view([episodes.Count, examples, .. images.shape[1..]]), targets);
    }
}
