using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Evaluation;

/// <summary>One number for each answer that says how sure the classifier is: low where the image may be of none of its classes.</summary>
public enum Certainty
{
    /// <summary>The largest probability (Hendrycks and Gimpel 2017, "A baseline for detecting misclassified examples").</summary>
    LargestProbability,

    /// <summary>
    /// The largest score itself (Vaze et al. 2022, "Open-set recognition: a good closed-set classifier is all you need", section 5).
    /// </summary>
    LargestScore,

    /// <summary>The logarithm of the summed exponentials of all scores (Liu et al. 2020, "Energy-based out-of-distribution
    /// detection").</summary>
    Energy,
}

/// <summary>Certainties from class scores.</summary>
public static class Certainties
{
    /// <summary>The certainty of each answer.</summary>
    /// <param name="certainty">Which one.</param>
    /// <param name="scores">Floating point, N x classes.</param>
    /// <returns>One number for each row, the higher the surer.</returns>
    /// <exception cref="FewShotException">The scores are no such matrix, or there is no such certainty.</exception>
    public static double[] Of(this Certainty certainty, torch.Tensor scores)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var values = AnswerScores.Check(scores);
        var certainties = certainty switch
        {
            Certainty.LargestProbability => values.softmax(1).amax([1]),
            Certainty.LargestScore => values.amax([1]),
            Certainty.Energy => values.logsumexp(1),
            _ => throw new FewShotException($"There is no certainty {certainty}."),
        };
        return certainties.data<double>().ToArray();
    }
}
