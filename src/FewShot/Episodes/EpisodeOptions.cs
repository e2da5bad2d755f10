using System.Globalization;

namespace FewShot.Episodes;

/// <summary>The form of an episode. The defaults are the field's most usual ones: 5-way, 1-shot, 15 queries of each class.</summary>
/// <param name="Way">Classes.</param>
/// <param name="Shot">Support images of each class.</param>
/// <param name="Query">Query images of each class.</param>
public sealed record EpisodeOptions(int Way = 5, int Shot = 1, int Query = 15)
{
    /// <summary>"5-way 1-shot, 15 queries of each class".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Way}-way {Shot}-shot, {Query} {(Query == 1 ? "query" : "queries")} of each class");
}
