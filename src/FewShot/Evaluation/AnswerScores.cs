using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Evaluation;

/// <summary>Checks and arithmetic that all measures of class scores share.</summary>
internal static class AnswerScores
{
    /// <summary>Scores as float64 and labels, both on the CPU.</summary>
    /// <exception cref="FewShotException">Shapes or types do not fit together, a score is not finite, or a label is outside.</exception>
    public static (torch.Tensor Scores, torch.Tensor Labels) Check(torch.Tensor scores, torch.Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var values = Check(scores);
        if (labels.dim() != 1 || labels.dtype != torch.ScalarType.Int64 || labels.shape[0] != values.shape[0])
        {
            throw new FewShotException(
                $"Labels must be int64, one per row of scores ({values.shape[0]}); "
                + $"found {labels.dtype} with shape [{string.Join(", ", labels.shape)}].");
        }

        var truth = labels.cpu();
        var (low, high) = (truth.min().item<long>(), truth.max().item<long>());
        return low >= 0 && high < values.shape[1]
            ? (values, truth)
            : throw new FewShotException($"The labels must lie in 0..{values.shape[1] - 1}; found {low} to {high}.");
    }

    /// <summary>Scores as float64 on the CPU.</summary>
    /// <exception cref="FewShotException">They are no floating-point matrix with at least one row and two classes, or one is not
    /// finite.</exception>
    public static torch.Tensor Check(torch.Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.dim() != 2 || !scores.is_floating_point() || scores.shape[0] == 0 || scores.shape[1] < 2)
        {
            throw new FewShotException(
                "Scores must be floating point, N x classes, with at least one row and two classes; "
                + $"found {scores.dtype} with shape [{string.Join(", ", scores.shape)}].");
        }

        if (!scores.isfinite().all().item<bool>())
            throw new FewShotException("A score is not a number or infinite: the classifier diverged, or its features do.");
        return scores.to(torch.float64).cpu();
    }

    /// <summary>Mean negative log-likelihood of the truth, in nats.</summary>
    public static double Loss(torch.Tensor scores, torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        return -scores.log_softmax(1).gather(1, labels.unsqueeze(1)).mean().item<double>();
    }
}
