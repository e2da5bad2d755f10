using FewShot.Episodes;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>A method that can answer before it has learned from the support: its answers must be guesses then.</summary>
public interface IAdaptingMethod : IFewShotMethod
{
    /// <summary>Whether it does adapt; otherwise there is nothing before it.</summary>
    bool Adapts { get; }

    /// <summary>As <see cref="IFewShotMethod.Scores"/>, without any adaptation to the support.</summary>
    /// <param name="episodes">Episodes of one form, over the set that the method was made for.</param>
    /// <returns>float32, E x Q x way, on the CPU.</returns>
    torch.Tensor ScoresBeforeAdaptation(IReadOnlyList<Episode> episodes);
}
