using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="EpisodeNamedCentroid"/>.</summary>
public sealed record EpisodeNamedCentroidOptions
{
    /// <summary>
    /// The share of the images in a prototype, 0 to 1: at 1 the name counts for nothing and the head is <see cref="EpisodeCentroid"/>; at 0
    /// the support images count for nothing, which is classification without any of them (0-shot).
    /// </summary>
    public double ImageShare { get; init; } = 0.5;

    /// <summary>
    /// What is done to the features first. Its centre must be given: the mean of an episode's own support would let the images into a
    /// 0-shot answer.
    /// </summary>
    public EpisodeTransform Transform { get; init; } = new();
}

/// <summary>
/// Nearest centroid where the centroid of a class is mixed from its support images and from its name: AM3 ("Adaptive Cross-Modal Few-Shot
/// Learning", Xing et al. 2019, section 3.2, equation 5), here with one share for all classes in place of one that a network computes from
/// the name, and with names to prototypes by a closed form (<c>NamePrior</c>) in place of a trained network.
/// </summary>
public sealed class EpisodeNamedCentroid : IEpisodeHead
{
    private readonly torch.Tensor named;
    private readonly EpisodeNamedCentroidOptions options;

    /// <summary>A head that knows a prototype of each class from its name.</summary>
    /// <param name="named">Floating point, C x D: one prototype for each class of the set that episodes are drawn from, in its order, in
    /// the space of the transformed features. It stays the caller's and must outlive this.</param>
    /// <param name="options">Share and transform.</param>
    /// <exception cref="FewShotException">The share is outside 0 to 1, the transform has no fixed centre, or the prototypes have another
    /// shape.</exception>
    public EpisodeNamedCentroid(torch.Tensor named, EpisodeNamedCentroidOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(named);
        (this.named, this.options) = (named, options ?? new EpisodeNamedCentroidOptions());
        if (!(this.options.ImageShare is >= 0 and <= 1))
            throw new FewShotException($"The share of the images is from 0 to 1; found {this.options.ImageShare}.");
        if (this.options.Transform is { IsCentred: true, Centre: null })
            throw new FewShotException("Give the transform a centre (CentredOn): a mean of the support would show the images to 0-shot.");
        if (named.dim() != 2 || !named.is_floating_point())
        {
            throw new FewShotException(
                $"Prototypes from names are floating point, classes x features; found {named.dtype} [{string.Join(", ", named.shape)}].");
        }
    }

    /// <inheritdoc/>
    public string Name => options.Transform.Append(
        string.Create(CultureInfo.InvariantCulture, $"nearest centroid, {100 * options.ImageShare:0.#} % images and the rest names"));

    /// <inheritdoc/>
    public bool IsTransductive => false;

    /// <inheritdoc/>
    public string? SideInformation => "class names";

    /// <inheritdoc/>
    /// <returns>Squared distances with a minus.</returns>
    /// <exception cref="FewShotException">The episodes do not say which classes their labels are, or name a class or have features that
    /// the prototypes do not have; or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        using var scope = torch.NewDisposeScope();
        var prototypes = Named(episodes);
        return EpisodeChunks.Scores(episodes, options.Transform, chunk =>
        {
            var ofNames = prototypes.narrow(0, chunk.Start, chunk.Support.shape[0]);
            var mixed = (options.ImageShare * chunk.Centroids()) + ((1 - options.ImageShare) * ofNames);
            return -Distances.Squared(chunk.Query, mixed);
        }).MoveToOuterDisposeScope();
    }

    /// <summary>The prototypes of the classes of each episode, E x way x D, as the features are.</summary>
    private torch.Tensor Named(EpisodeFeatures episodes)
    {
        var classes = episodes.Classes
            ?? throw new FewShotException("The episodes do not say which classes their labels are: make EpisodeFeatures with classes.");
        var (most, features) = (classes.max().item<long>(), episodes.Support.shape[2]);
        if (most >= named.shape[0] || classes.min().item<long>() < 0 || features != named.shape[1])
        {
            throw new FewShotException(
                $"There are prototypes from names of {named.shape[0]} classes with {named.shape[1]} features; an episode has class {most} "
                + $"(counted from 0) with {features} features. Make the prototypes from the names of the set that is asked about.");
        }

        return named.to(episodes.Support.dtype).to(episodes.Support.device)
            .index_select(0, classes.flatten()).view(episodes.Count, episodes.Way, features);
    }
}
