using FewShot.Runtime;

namespace FewShot.Benchmarks;

/// <summary>25 sinusoid tasks at once against one after another.</summary>
public sealed class SinusoidLoopBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "sinusoid-loop";

    /// <inheritdoc/>
    public string Description => "MAML on the sinusoid, 25 tasks at once against our loop over them: the ratio at 5 inner steps";

    /// <inheritdoc/>
    public double Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        using (var one = MetaSubject.Sinusoid(1))
            _ = MetaComparison.WithLoop(output, one, rounds: 7, iterations: 10);
        using var five = MetaSubject.Sinusoid(5);
        return MetaComparison.WithLoop(output, five, rounds: 7, iterations: 10);
    }
}
