using FewShot.Runtime;

namespace FewShot.Benchmarks;

/// <summary>32 Omniglot-sized tasks in chunks, against PyTorch's loop over them.</summary>
public sealed class OmniglotPyTorchBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "omniglot-pytorch";

    /// <inheritdoc/>
    public string Description =>
        "MAML with Conv4, 32 tasks of 5 ways, against PyTorch looping over them: the smaller ratio of 1 and 5 shots";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        using var one = MetaSubject.Omniglot(1);
        using var five = MetaSubject.Omniglot(5);
        return MetaComparison.WithPyTorch(output, "omniglot.py", rounds: 5, parts: [("1 shot", one, 2), ("5 shots", five, 1)]);
    }
}
