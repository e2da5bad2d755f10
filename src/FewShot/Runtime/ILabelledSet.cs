namespace FewShot.Runtime;

/// <summary>Labelled examples of one kind, as images or texts: what episodes are drawn from.</summary>
public interface ILabelledSet
{
    /// <summary>What it is, for outputs.</summary>
    string Name { get; }

    /// <summary>Number of examples.</summary>
    int Count { get; }

    /// <summary>The class of each example, a position in <see cref="ClassNames"/>.</summary>
    IReadOnlyList<long> LabelValues { get; }

    /// <summary>The name of each class.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>SHA-256, in hexadecimal, over examples, labels and class names.</summary>
    string Digest { get; }

    /// <summary>Whether generated examples stand in for real ones.</summary>
    bool IsStandIn { get; }

    /// <summary>A number for each example: examples with equal numbers are equal, bit for bit.</summary>
    UInt128[] ExampleHashes();
}
