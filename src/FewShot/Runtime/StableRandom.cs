namespace FewShot.Runtime;

/// <summary>
/// Random numbers that are the same on every machine and in every version of .NET: SplitMix64 (Steele, Lea and Flood 2014,
/// "Fast splittable pseudorandom number generators", figure 13). <see cref="System.Random"/> promises no such thing.
/// </summary>
public sealed class StableRandom
{
    private ulong state;

    /// <summary>The sequence of this seed.</summary>
    public StableRandom(long seed) => state = unchecked((ulong)seed);

    /// <summary>One of many sequences of one seed, unrelated to each other: one per class, say.</summary>
    public StableRandom(long seed, long stream) => state = Mix(Mix(unchecked((ulong)seed)) ^ unchecked((ulong)stream));

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits() => Mix(unchecked(state += 0x9E3779B97F4A7C15));

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1, each equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // Numbers from the incomplete last group would favour small remainders; they are drawn again.
        var limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound);
        ulong bits;
        do
            bits = NextBits();
        while (bits >= limit);
        return (int)(bits % (ulong)bound);
    }

    /// <summary>A real number, evenly from <paramref name="low"/> (included) to <paramref name="high"/> (excluded).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * ((NextBits() >> 11) * (1.0 / (1UL << 53))));

    /// <summary>
    /// A real number of mean 0 and standard deviation 1 whose distribution is close to the normal one: four uniform 16-bit numbers added,
    /// by exact arithmetic only, so that no platform's logarithm or cosine enters.
    /// </summary>
    public double NearlyNormal()
    {
        var bits = NextBits();
        var sum = (long)((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48));
        return (sum - (2 * 65535)) * (1.7320508075688772 / 65536);
    }

    /// <summary>Moves a random choice of <paramref name="count"/> items, in random order, to the front (Fisher and Yates).</summary>
    /// <remarks>The first items are the same for every larger <paramref name="count"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 0 or above the number of items.</exception>
    public void Draw<T>(Span<T> items, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, items.Length);
        for (var i = 0; i < count; i++)
        {
            var other = i + Next(items.Length - i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}
