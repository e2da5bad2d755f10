namespace FewShot.Benchmarks;

/// <summary>What a benchmark found.</summary>
/// <param name="Work">What both sides did: "256 images (CIFAR-10 test), ResNet-18, 128 px".</param>
/// <param name="Rival">The other side, with its version where it is a program: "PyTorch 1.13.1, 2 threads".</param>
/// <param name="Rounds">Rounds measured; a ratio is the median over them.</param>
/// <param name="Ratios">How many times better ours is, at least one value, by the part of the work that it is of: "1 step" 9.3,
/// "5 steps" 13.1.</param>
public sealed record Measurement(string Work, string Rival, int Rounds, IReadOnlyDictionary<string, double> Ratios)
{
    private const string Whole = "ratio";

    /// <summary>Of a work in one part.</summary>
    /// <param name="work">What both sides did.</param>
    /// <param name="rival">The other side, with its version.</param>
    /// <param name="rounds">Rounds measured.</param>
    /// <param name="ratio">How many times better ours is.</param>
    public Measurement(string work, string rival, int rounds, double ratio)
        : this(work, rival, rounds, new Dictionary<string, double> { [Whole] = ratio })
    {
    }

    /// <summary>The smallest of the ratios: the one to be held against a bound.</summary>
    public double Ratio => Ratios.Values.Min();
}
