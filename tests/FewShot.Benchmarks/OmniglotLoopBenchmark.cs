using FewShot.Runtime;

namespace FewShot.Benchmarks;

/// <summary>32 Omniglot-sized tasks in chunks, against one after another in plain operations.</summary>
public sealed class OmniglotLoopBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "omniglot-loop";

    /// <inheritdoc/>
    public string Description => "MAML with Conv4, 32 tasks of 5 ways, against our loop over them: the smaller ratio of 1 and 5 shots";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        using var one = MetaSubject.Omniglot(1);
        using var five = MetaSubject.Omniglot(5);
        return MetaComparison.WithLoop(output, rounds: 5, parts: [("1 shot", one, 2), ("5 shots", five, 1)]);
    }
}
