using FewShot.Runtime;

namespace FewShot.Episodes;

/// <summary>
/// How many queries each class of an episode has where the shares come from a Dirichlet distribution (Veilleux et al. 2021, "Realistic
/// evaluation of transductive few-shot learning", section 4).
/// </summary>
/// <remarks>
/// The gaps between sorted uniform numbers follow the Dirichlet distribution with a concentration of 1 each, and those of a class added up
/// have their number as its concentration. So a whole concentration needs no logarithm, whose last digit differs between machines.
/// </remarks>
internal static class DirichletShares
{
    /// <summary>Draws the shares and rounds them to counts, the largest remainders up.</summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="classes">How many classes, at least 1.</param>
    /// <param name="total">Queries in all.</param>
    /// <param name="alpha">The concentration of each class, at least 1.</param>
    /// <returns>One count for each class, 0 or more, with the sum <paramref name="total"/>.</returns>
    public static int[] Draw(StableRandom random, int classes, int total, int alpha)
    {
        var cuts = new double[(classes * alpha) + 1];
        for (var i = 1; i < cuts.Length - 1; i++)
            cuts[i] = random.Uniform(0, 1);
        cuts[^1] = 1;
        Array.Sort(cuts);
        var counts = new int[classes];
        var remainders = new (double Remainder, int Label)[classes];
        for (var label = 0; label < classes; label++)
        {
            var exact = total * (cuts[(label + 1) * alpha] - cuts[label * alpha]);
            counts[label] = (int)exact;
            remainders[label] = (exact - counts[label], label);
        }

        foreach (var (_, label) in remainders.OrderByDescending(entry => entry.Remainder).Take(total - counts.Sum()))
            counts[label]++;
        return counts;
    }
}
