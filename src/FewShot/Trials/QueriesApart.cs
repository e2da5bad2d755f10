using System.Globalization;
using FewShot.Episodes;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>
/// Whether the answer to a query depends on the others: on their order, which is a fault in any method, or on which they are, which makes
/// the method transductive. (BatchNorm in training mode took an Omniglot accuracy from about 90 to 99.6 % in one report.)
/// </summary>
internal static class QueriesApart
{
    private const string Name = "queries answered by themselves";

    // Sums in another order differ by rounding, and iterations stop at another digit; a leak moves scores by far more.
    private const double Tolerance = 1e-3;

    public static LeakageFinding Check(IFewShotMethod method, EpisodeList list, LeakageOptions options)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Episode[] episodes = [.. list.Episodes.Take(options.AloneEpisodes)];
        var together = EpisodeAnswers.Of(method, episodes);
        var spread = Math.Max((together.max() - together.min()).item<float>(), float.Epsilon);
        var order = new int[episodes[0].Query.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        new StableRandom(options.Seed).Draw<int>(order, order.Length);

        var moved = Change(EpisodeAnswers.Of(method, Asked(episodes, order)), Picked(together, order));
        if (moved > Tolerance)
        {
            return new LeakageFinding(
                Name, false, $"scores change by {Share(moved)} of their range when the queries are asked in another order",
                "An answer that depends on the place of its query is a fault: look for state or noise that goes from one to the next.");
        }

        if (method.IsTransductive)
            return new LeakageFinding(Name, true, "transductive, as it says; the order of the queries changes nothing");
        foreach (var place in order.Take(options.AloneQueries))
            moved = Math.Max(moved, Change(EpisodeAnswers.OfAny(method, Asked(episodes, [place])), Picked(together, [place])));
        return moved <= Tolerance
            ? new LeakageFinding(Name, true, $"scores change by at most {Share(moved)} of their range, asked alone or in another order")
            : new LeakageFinding(
                Name, false, $"scores change by {Share(moved)} of their range when a query is asked alone, and it calls itself inductive",
                "Use inductive BatchNorm, or whatever makes answers independent, or label the method transductive.");

        double Change(torch.Tensor found, torch.Tensor expected)
        {
            var change = (found - expected).abs().max().item<float>() / spread;
            return float.IsNaN(change) ? double.PositiveInfinity : change;
        }
    }

    private static Episode[] Asked(Episode[] episodes, IReadOnlyList<int> places) =>
        [.. episodes.Select(episode => episode with { Query = [.. places.Select(place => episode.Query[place])] })];

    private static torch.Tensor Picked(torch.Tensor scores, IReadOnlyList<int> places) =>
        scores.index_select(1, torch.tensor(places.Select(place => (long)place).ToArray()));

    private static string Share(double change) => double.IsFinite(change)
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * change:0.###} %")
        : "all";
}
