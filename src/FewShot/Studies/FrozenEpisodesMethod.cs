using System.Globalization;
using FewShot.Heads;

namespace FewShot.Studies;

/// <summary>A head with one value of its settings.</summary>
/// <param name="Settings">In words: "penalty 0.1"; empty where there is nothing to choose.</param>
/// <param name="Head">The head.</param>
internal sealed record FrozenEpisodesCandidate(string Settings, IEpisodeHead Head)
{
    public override string ToString() => Settings;
}

/// <summary>
/// A row of the table: a head, and the values of its settings that are compared on validation classes, its paper's or its code's own among
/// them.
/// </summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="IsTransductive">Whether it looks at all queries of an episode together.</param>
/// <param name="Candidates">Its settings, for features with this transform: the mean of the training classes away, then length 1.</param>
internal sealed record FrozenEpisodesMethod(
    string Name, bool IsTransductive, Func<EpisodeTransform, IReadOnlyList<FrozenEpisodesCandidate>> Candidates)
{
    /// <summary>The head by which the size of the images is chosen, since it has nothing else to choose.</summary>
    public static FrozenEpisodesMethod SimpleShot { get; } = new("SimpleShot", false, centred =>
        [new(string.Empty, new EpisodeCentroid(new() { Transform = centred }))]);

    /// <summary>All rows, the inductive ones first.</summary>
    public static IReadOnlyList<FrozenEpisodesMethod> All { get; } =
    [
        new("nearest centroid", false, _ => [new(string.Empty, new EpisodeCentroid())]),
        SimpleShot,
        new("ridge", false, centred => Grid("penalty", [1, 0.3, 0.1, 0.03, 0.01], penalty =>
            new EpisodeRidge(new() { Strength = penalty, Transform = centred }))),
        new("logistic regression", false, centred =>
        [
            .. Grid("L2N, C", [1, 3, 10], c => new EpisodeLogistic(new() { C = c })),
            .. Grid("CL2N, C", [1, 3, 10], c => new EpisodeLogistic(new() { C = c, Transform = centred })),
        ]),
        new("cosine", false, centred => Grid("CL2N, scale", [5, 10, 20], scale =>
            new EpisodeCosine(new() { Scale = scale }, centred))),
        new("label propagation", true, centred => Grid("CL2N, share", [0.5, 0.8, 0.95], share =>
            new LabelPropagation(new() { Share = share, Transform = centred }))),
        new("LaplacianShot", true, centred => Grid("weight", [0.1, 0.3, 0.5, 0.7, 1, 1.5], weight =>
            new LaplacianShot(new() { Weight = weight, Transform = centred }))),
        new("alpha-TIM", true, centred => Grid("CL2N, alpha", [2, 5, 7], alpha =>
            new AlphaTim(new() { Alpha = alpha, Transform = centred }))),
        new("PT-MAP", true, _ => [new(string.Empty, new PtMap())]),
    ];

    private static FrozenEpisodesCandidate[] Grid(string name, double[] values, Func<double, IEpisodeHead> head) =>
        [.. values.Select(value => new FrozenEpisodesCandidate(
            string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.##}"), head(value)))];
}
