using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Evaluation;

/// <summary>
/// One number by which all scores are divided before the softmax, so that the confidence fits the accuracy (Guo et al. 2017, "On
/// calibration of modern neural networks", section 4.2). It changes no answer, only how sure each is.
/// </summary>
/// <param name="Value">Above 1 where the classifier was too sure, below 1 where it was not sure enough.</param>
/// <param name="LossBefore">Mean negative log-likelihood of the answers it was fitted on, before, in nats.</param>
/// <param name="LossAfter">The same after.</param>
/// <param name="Count">Number of answers that it was fitted on.</param>
public sealed record Temperature(double Value, double LossBefore, double LossAfter, int Count)
{
    // The inverse of the temperature is looked for between the inverse of this and this, in units of the spread of the scores.
    private const double Reach = 1e6;
    private const int Halvings = 200;

    /// <summary>
    /// The temperature with the smallest negative log-likelihood. In its inverse that is a convex function of one number, whose slope is
    /// the expected score under the softmax minus the score of the truth: where the slope is 0, the search ends.
    /// </summary>
    /// <param name="scores">Floating point, N x classes: answers that nothing was fitted on, and that will not be judged.</param>
    /// <param name="labels">int64, N, the true classes.</param>
    /// <exception cref="FewShotException">Shapes or types do not fit together; or the scores are always right, or no better than
    /// chance, so that no temperature is best.</exception>
    public static Temperature Fit(torch.Tensor scores, torch.Tensor labels)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (values, truth) = AnswerScores.Check(scores, labels);
        var (centred, unit) = Centred(values);
        if (unit == 0)
            throw new FewShotException("All classes have equal scores in every answer: a temperature changes nothing.");
        var right = ScoreOfTruth(centred, truth);
        if (Slope(centred, right, 1 / Reach) >= 0)
        {
            throw new FewShotException(
                $"The scores of these {truth.numel():N0} answers favour the truth no more than chance does: no temperature helps. "
                + "See whether scores and labels belong together.");
        }

        if (Slope(centred, right, Reach) <= 0)
        {
            throw new FewShotException(
                $"All {truth.numel():N0} answers are right, so that the smallest temperature looks best: it cannot be fitted. "
                + "Take more held-out answers, with mistakes among them.");
        }

        return Of(values, truth, unit / Zero(centred, right));
    }

    /// <summary>
    /// The same for few answers, which may all be right: as Platt (1999, "Probabilistic Outputs for Support Vector Machines", section 2.2)
    /// does, the truth is given a probability of (N + 1) / (N + 2) in place of 1, and the other classes share the rest. It always finds
    /// one: where the scores favour the truth no more than chance does, one so high that all classes are about equally likely.
    /// </summary>
    /// <param name="scores">Floating point, N x classes: answers that nothing was fitted on.</param>
    /// <param name="labels">int64, N, the true classes.</param>
    /// <exception cref="FewShotException">Shapes or types do not fit together.</exception>
    public static Temperature FitToFew(torch.Tensor scores, torch.Tensor labels)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (values, truth) = AnswerScores.Check(scores, labels);
        var (centred, unit) = Centred(values);
        if (unit == 0)
            return Of(values, truth, 1);
        // The centred scores of an answer add up to 0, so those of the other classes together are minus that of the truth.
        var doubt = 1.0 / (truth.numel() + 2);
        var aim = ScoreOfTruth(centred, truth) * (1 - doubt - (doubt / (values.shape[1] - 1)));
        return Of(values, truth, unit / Zero(centred, aim));
    }

    /// <summary>Scores at this temperature; the softmax of them is calibrated.</summary>
    /// <param name="scores">Floating point, N x classes.</param>
    /// <returns>A new tensor of the same type and shape.</returns>
    public torch.Tensor Apply(torch.Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        using var noGradient = torch.no_grad();
        return scores / Value;
    }

    /// <summary>"temperature 1.83, 0.512 to 0.431 nats on 9,000 answers".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"temperature {Value:0.###}, {LossBefore:0.000} to {LossAfter:0.000} nats on {Count:N0} answers");

    private static Temperature Of(torch.Tensor values, torch.Tensor truth, double temperature) => new(
        temperature, AnswerScores.Loss(values, truth), AnswerScores.Loss(values / temperature, truth), (int)truth.numel());

    /// <summary>
    /// Equal scores for all classes change no softmax; without them, and in units of their spread, no exponent grows large.
    /// </summary>
    private static (torch.Tensor Scores, double Unit) Centred(torch.Tensor values)
    {
        var centred = values - values.mean([1], keepdim: true);
        var unit = centred.square().mean().sqrt().item<double>();
        return (unit == 0 ? centred : centred / unit, unit);
    }

    private static double ScoreOfTruth(torch.Tensor scores, torch.Tensor truth) =>
        scores.gather(1, truth.unsqueeze(1)).mean().item<double>();

    /// <summary>The inverse temperature at which the slope is 0, within the reach.</summary>
    private static double Zero(torch.Tensor scores, double aim)
    {
        var (low, high) = (Math.Log(1 / Reach), Math.Log(Reach));
        for (var i = 0; i < Halvings && high - low > 1e-13; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Slope(scores, aim, Math.Exp(middle)) < 0 ? (middle, high) : (low, middle);
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>The derivative of the mean negative log-likelihood by the inverse temperature.</summary>
    private static double Slope(torch.Tensor scores, double aim, double inverse)
    {
        using var scope = torch.NewDisposeScope();
        return ((scores * inverse).softmax(1) * scores).sum([1]).mean().item<double>() - aim;
    }
}
