using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>
/// A head on frozen features: each image has passed the backbone once, and the episodes pick rows. So the cost of an episode is that of the
/// head alone.
/// </summary>
public sealed class FeatureMethod : IFewShotMethod
{
    // Features of so many bytes are gathered at once: a few hundred 5-way episodes with 512 features.
    private const long LargestGathering = 64 << 20;

    private readonly IEpisodeHead head;
    private readonly FeatureBank bank;

    /// <summary>A head over a bank.</summary>
    /// <param name="head">What learns from the support.</param>
    /// <param name="bank">Features of the whole set that the episodes were drawn from; it stays the caller's and must outlive this. Where
    /// it has several views of an image, their mean is used.</param>
    public FeatureMethod(IEpisodeHead head, FeatureBank bank)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(bank);
        (this.head, this.bank) = (head, bank);
        Name = $"{head.Name} on {bank.Name}";
        Source = new MethodSource(
            $"SHA-256 {string.Join(" + ", bank.Source.Weights.Split(" + ").Select(Short))}",
            bank.Source.Images,
            EpisodeList.FrameOf(bank.Labels.data<long>().ToArray(), bank.ClassNames));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsTransductive => head.IsTransductive;

    /// <inheritdoc/>
    public string? SideInformation => head.SideInformation;

    /// <inheritdoc/>
    public MethodSource Source { get; }

    /// <inheritdoc/>
    /// <exception cref="FewShotException">An episode holds an image that the bank does not have, or the head gives no finite scores of
    /// the right shape.</exception>
    public torch.Tensor Scores(IReadOnlyList<Episode> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var images = episodes.Count == 0 ? 1 : episodes[0].Support.Count + episodes[0].Query.Count;
        var atOnce = (int)Math.Clamp(LargestGathering / ((long)images * bank.FeatureCount * sizeof(float)), 1, int.MaxValue);
        var parts = new List<torch.Tensor>();
        foreach (var chunk in episodes.Chunk(atOnce))
        {
            using var inner = torch.NewDisposeScope();
            using var features = Gather(chunk);
            parts.Add(head.Scores(features).to(torch.float32).cpu().MoveToOuterDisposeScope());
        }

        return torch.cat([.. parts]).MoveToOuterDisposeScope();
    }

    private EpisodeFeatures Gather(Episode[] episodes)
    {
        var labels = torch.tensor(
            episodes.SelectMany(episode => episode.Support).Select(image => (long)image.Label).ToArray(),
            [episodes.Length, episodes[0].Support.Count]);
        var classes = head.SideInformation is null
            ? null
            : torch.tensor(
                episodes.SelectMany(episode => episode.Classes).Select(one => (long)one).ToArray(), [episodes.Length, episodes[0].Way]);
        return new EpisodeFeatures(
            Rows(episodes, episode => episode.Support),
            labels.to(Torch.Device),
            Rows(episodes, episode => episode.Query),
            episodes[0].Way,
            classes?.to(Torch.Device));
    }

    private torch.Tensor Rows(Episode[] episodes, Func<Episode, IReadOnlyList<EpisodeImage>> part)
    {
        var examples = part(episodes[0]).Count;
        var positions = episodes.SelectMany(part).Select(image => (long)image.Position).ToArray();
        if (positions.Length != (long)episodes.Length * examples)
            throw new FewShotException("Episodes that are computed together must have the same numbers of support and query examples.");
        if (Array.Find(positions, position => position < 0 || position >= bank.Count) is var outside and not 0)
        {
            throw new FewShotException(
                $"{bank.Name} has {bank.Count} examples; an episode holds number {outside} (counted from 0): it belongs to another set.");
        }

        return bank.Features.index_select(0, torch.tensor(positions)).view(episodes.Length, examples, bank.FeatureCount).to(Torch.Device);
    }

    private static string Short(string digest) => digest.Length > 8 ? digest[..8] : digest;
}
