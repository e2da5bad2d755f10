using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>Real numbers from whole ones, by exact arithmetic only, so that no platform's logarithm or cosine enters.</summary>
internal static class RealNumbers
{
    /// <summary>Evenly from <paramref name="low"/> (included) to <paramref name="high"/> (excluded).</summary>
    public static double Uniform(this StableRandom random, double low, double high) =>
        low + ((high - low) * ((random.NextBits() >> 11) * (1.0 / (1UL << 53))));

    /// <summary>Nearly normal, mean 0 and standard deviation 1: four uniform 16-bit numbers added.</summary>
    public static double Normal(this StableRandom random)
    {
        var bits = random.NextBits();
        var sum = (long)((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48));
        return (sum - (2 * 65535)) * (1.7320508075688772 / 65536);
    }
}
