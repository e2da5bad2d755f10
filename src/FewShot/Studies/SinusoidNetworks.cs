using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>What the sinusoid study trained. Owns the weights.</summary>
/// <param name="Maml">Initial weights by MAML.</param>
/// <param name="Joint">Weights by training on all tasks together.</param>
/// <param name="Record">How they were made, and how well they did.</param>
public sealed record SinusoidNetworks(ModelWeights Maml, ModelWeights Joint, RunRecord Record) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Maml.Dispose();
        Joint.Dispose();
    }
}
