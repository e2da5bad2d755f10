using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Episodes;

/// <summary>The form of an episode. The defaults are the field's most usual ones: 5-way, 1-shot, 15 queries of each class.</summary>
/// <param name="Way">Classes.</param>
/// <param name="Shot">Support images of each class.</param>
/// <param name="Query">Query images of each class; with <see cref="DirichletAlpha"/> only their mean over the classes.</param>
public sealed record EpisodeOptions(int Way = 5, int Shot = 1, int Query = 15)
{
    /// <summary>The concentration that Veilleux et al. 2021 judge with (section 5).</summary>
    public const int UsualDirichletAlpha = 2;

    // Beyond it the shares are equal to a few percent.
    private const int LargestDirichletAlpha = 1000;

    /// <summary>
    /// Null where every class has equally many queries. Otherwise the shares of the classes among the way x query images of an episode are
    /// drawn from a Dirichlet distribution with this concentration for each class, at least 1 and a whole number: the larger, the more
    /// equal.
    /// </summary>
    public int? DirichletAlpha { get; init; }

    /// <summary>Query images of an episode in all.</summary>
    internal long QueryTotal => (long)Way * Query;

    /// <summary>The most query images that one class of an episode can have.</summary>
    internal long MostQueriesOfAClass => DirichletAlpha is null ? Query : QueryTotal;

    /// <summary>
    /// The same form with queries as a stream of them may look, not balanced over the classes (Veilleux et al. 2021, "Realistic evaluation
    /// of transductive few-shot learning"): a method that looks at all queries together can profit from their balance.
    /// </summary>
    /// <param name="alpha">The concentration, at least 1.</param>
    public EpisodeOptions WithDirichletQueries(int alpha = UsualDirichletAlpha) => this with { DirichletAlpha = alpha };

    /// <summary>
    /// "5-way 1-shot, 15 queries of each class", or "5-way 1-shot, 75 queries, shares of the classes from Dirichlet(2)".
    /// </summary>
    public override string ToString() => DirichletAlpha is { } alpha
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{Way}-way {Shot}-shot, {QueryTotal} queries, shares of the classes from Dirichlet({alpha})")
        : string.Create(CultureInfo.InvariantCulture, $"{Way}-way {Shot}-shot, {Query} {(Query == 1 ? "query" : "queries")} of each class");

    /// <summary>Refuses a count that is out of range.</summary>
    /// <param name="owner">What says so, as the beginning of the message, or null.</param>
    /// <exception cref="FewShotException">The message names what was found.</exception>
    internal void Check(string? owner = null)
    {
        if (Way < 1 || Shot < 1 || Query < 1)
            throw Wrong($"an episode has at least one way, one shot and one query; found {this}.");
        if (DirichletAlpha is < 1 or > LargestDirichletAlpha)
        {
            throw Wrong(
                $"the concentration of a Dirichlet distribution of queries is a whole number from 1 to {LargestDirichletAlpha}; "
                + $"found {DirichletAlpha}.");
        }

        FewShotException Wrong(string what) =>
            new(owner is null ? $"{char.ToUpperInvariant(what[0])}{what[1..]}" : $"{owner}: {what}");
    }
}
