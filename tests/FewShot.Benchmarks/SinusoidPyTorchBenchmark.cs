using FewShot.Runtime;

namespace FewShot.Benchmarks;

/// <summary>25 sinusoid tasks at once against PyTorch's loop over them.</summary>
public sealed class SinusoidPyTorchBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "sinusoid-pytorch";

    /// <inheritdoc/>
    public string Description =>
        "MAML on the sinusoid, 25 tasks at once against PyTorch looping over them: the smaller ratio of 1 and 5 inner steps";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        using var one = MetaSubject.Sinusoid(1);
        using var five = MetaSubject.Sinusoid(5);
        // Enough iterations that a few slow ones, while .NET still compiles, do not decide.
        return MetaComparison.WithPyTorch(output, "sinusoid.py", rounds: 7, parts: [("1 step", one, 200), ("5 steps", five, 50)]);
    }
}
