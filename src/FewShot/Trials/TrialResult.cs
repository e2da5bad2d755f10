using System.Globalization;
using FewShot.Episodes;
using FewShot.Evaluation;

namespace FewShot.Trials;

/// <summary>What one method reached on one frozen list of episodes, with all that the figure depends on.</summary>
public sealed record TrialResult
{
    /// <summary>The name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>Whether the answer to one query may depend on the others of its episode.</summary>
    public required bool IsTransductive { get; init; }

    /// <summary>What the method was told of the classes beside the support, or null (<see cref="IFewShotMethod"/>).</summary>
    public string? SideInformation { get; init; }

    /// <summary>The form of the episodes.</summary>
    public required EpisodeOptions Form { get; init; }

    /// <summary>SHA-256 of the list: results are compared only where it is equal.</summary>
    public required string ListDigest { get; init; }

    /// <summary>The name of the set.</summary>
    public required string Data { get; init; }

    /// <summary>SHA-256 of its images and labels.</summary>
    public required string DataDigest { get; init; }

    /// <summary>True where generated images stand in for real ones.</summary>
    public required bool UsesStandIn { get; init; }

    /// <summary>What the weights are; null where the method does not say.</summary>
    public required string? Weights { get; init; }

    /// <summary>What the weights were trained on elsewhere, or null.</summary>
    public required string? TrainedElsewhere { get; init; }

    /// <summary>Accuracy of each episode, mean and interval over episodes.</summary>
    public required EpisodeAccuracy Accuracy { get; init; }

    /// <summary>Seconds of one episode, on average, computed as many at once as the evaluator does.</summary>
    public required double SecondsPerEpisode { get; init; }

    /// <summary>
    /// Bytes of memory that one episode takes at the peak, on average over those that are computed at once; null where the system does not
    /// tell, and on a GPU.
    /// </summary>
    public required long? PeakBytesPerEpisode { get; init; }

    /// <summary>What the checks against leaks found; all passed.</summary>
    public required LeakageReport Leakage { get; init; }

    /// <summary>Scores of the first episodes.</summary>
    public required KeptScores Scores { get; init; }

    /// <summary>
    /// Mean accuracy of the worst tenth of the episodes, 0 to 1: how bad a task can be, which the mean hides. Of fewer than ten episodes,
    /// of the worst one.
    /// </summary>
    public double WorstDecile => Accuracy.Episodes.Order().Take((Accuracy.Count + 9) / 10).Average();

    /// <summary>
    /// One line: method, accuracy with interval, episodes and seed, worst tenth, form, data, weights, inductive or transductive, cost.
    /// </summary>
    public override string ToString()
    {
        var memory = PeakBytesPerEpisode is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $", {bytes / 1e6:0.00} MB")
            : string.Empty;
        var elsewhere = TrainedElsewhere is null ? string.Empty : $", trained on {TrainedElsewhere}, whose classes are not known here";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Method}: {Accuracy}, worst tenth {100 * WorstDecile:0.0} %; {Form}; {Data}{(UsesStandIn ? ", stand-in" : "")} "
            + $"(SHA-256 {DataDigest[..8]}); weights {Weights ?? "not said"}{elsewhere}; "
            + $"{(IsTransductive ? "transductive" : "inductive")}{(SideInformation is null ? "" : $", told {SideInformation}")}; "
            + $"{1000 * SecondsPerEpisode:0.00} ms{memory} an episode; "
            + $"{Leakage.Findings.Count} checks against leaks passed");
    }
}
