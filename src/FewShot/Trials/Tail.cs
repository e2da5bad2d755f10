using MathNet.Numerics;

namespace FewShot.Trials;

/// <summary>How far chance alone reaches: the bounds of the checks against leaks.</summary>
internal static class Tail
{
    /// <summary>
    /// The smallest count that chance reaches with at most a given probability, of independent trials: from there on it was no chance.
    /// </summary>
    /// <param name="trials">Their number, at least 0.</param>
    /// <param name="chance">Of success in each, between 0 and 1.</param>
    /// <param name="probability">The upper tail of the binomial distribution, above 0.</param>
    /// <returns>From 1 to <paramref name="trials"/> + 1, which no count reaches.</returns>
    public static int Binomial(int trials, double chance, double probability)
    {
        var (low, high) = (1, trials + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            // The chance of at least so many successes.
            if (SpecialFunctions.BetaRegularized(middle, trials - middle + 1, chance) <= probability)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>
    /// How far the mean of independent numbers rises above its expectation by chance (Hoeffding 1963, theorem 2): farther with at most a
    /// given probability, whatever their distribution.
    /// </summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="width">Of the range that each lies in.</param>
    /// <param name="probability">Above 0.</param>
    public static double Mean(int count, double width, double probability) =>
        width * Math.Sqrt(Math.Log(1 / probability) / (2.0 * count));
}
