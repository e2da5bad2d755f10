namespace FewShot.Benchmarks;

/// <summary>Two ways of doing the same work, measured side by side in one run. Every public type that implements it is found by the program.</summary>
public interface IBenchmark
{
    /// <summary>One word, for the command line.</summary>
    string Name { get; }

    /// <summary>What is compared, in one line.</summary>
    string Description { get; }

    /// <summary>Measures both, says what was measured, and gives how many times better ours is.</summary>
    double Run(TextWriter output);
}
