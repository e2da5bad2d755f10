namespace FewShot.Benchmarks;

/// <summary>
/// Two ways of doing the same work, measured side by side in one run. Every public type that implements it is found by the program.
/// </summary>
public interface IBenchmark
{
    /// <summary>One word, for the command line.</summary>
    string Name { get; }

    /// <summary>What is compared, in one line.</summary>
    string Description { get; }

    /// <summary>Measures both and says what was measured, round by round.</summary>
    Measurement Run(TextWriter output);
}
