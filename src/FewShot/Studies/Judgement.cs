using FewShot.Models;

namespace FewShot.Studies;

/// <summary>
/// A way to judge a meta-learner on episodes: which images BatchNorm takes its mean and variance from when queries are answered.
/// </summary>
/// <param name="Name">As records and tables call it.</param>
/// <param name="BatchNorm">Query images or support images.</param>
/// <param name="Queries">Query images of each class that are asked together: the first so many of each episode; null for all.</param>
public sealed record Judgement(string Name, BatchNormMode BatchNorm, int? Queries = null)
{
    /// <summary>All queries of the episode together.</summary>
    public static Judgement Transductive { get; } = new("transductive", BatchNormMode.Transductive);

    /// <summary>One query of each class together: as the published code of MAML tests.</summary>
    public static Judgement TransductiveAsPublished { get; } = new("transductive, 1 query of each class", BatchNormMode.Transductive, 1);

    /// <summary>Each query by itself.</summary>
    public static Judgement Inductive { get; } = new("inductive", BatchNormMode.Inductive);

    /// <summary>Those that the course reports, in the order of its tables.</summary>
    public static IReadOnlyList<Judgement> All { get; } = [Transductive, TransductiveAsPublished, Inductive];
}
