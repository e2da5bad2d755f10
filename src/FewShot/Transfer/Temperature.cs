using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// The number by which class scores are divided before the softmax, so that a confidence of 80 % is right 80 % of the time (Guo et al.
/// 2017, "On Calibration of Modern Neural Networks", section 4.2). It changes no answer.
/// </summary>
internal static class Temperature
{
    /// <summary>
    /// For the nearest centroid where there is nothing to fit it on. On CIFAR-10's training images, five classes with one image of each,
    /// values about this one gave the smallest cross-entropy.
    /// </summary>
    public const double OfOnePhoto = 0.3;

    private const double Golden = 0.6180339887498949;
    private const int Steps = 60;
    private static readonly double Lowest = Math.Log(1e-3), Highest = Math.Log(1e3);

    /// <summary>The temperature of the smallest cross-entropy, by golden-section search over its logarithm.</summary>
    /// <remarks>
    /// A few photos may all be classified rightly, and then no temperature would be low enough. As Platt (1999, "Probabilistic Outputs for
    /// Support Vector Machines", section 2.2) does, the truth is given a probability of (n + 1) / (n + 2) instead of 1.
    /// </remarks>
    /// <param name="scores">N x classes, of photos that the head was not fitted on.</param>
    /// <param name="labels">int64, N.</param>
    public static double Fit(torch.Tensor scores, torch.Tensor labels)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var wide = scores.to(torch.float64);
        var (count, classes) = (wide.shape[0], wide.shape[1]);
        var doubt = 1.0 / (count + 2);
        var truth = torch.nn.functional.one_hot(labels, classes).to(torch.float64);
        var target = (truth * (1 - doubt)) + ((1 - truth) * (doubt / (classes - 1)));
        double Loss(double logarithm)
        {
            using var inner = torch.NewDisposeScope();
            return -((wide / Math.Exp(logarithm)).log_softmax(1) * target).sum().item<double>();
        }

        var (low, high) = (Lowest, Highest);
        var (left, right) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
        var (atLeft, atRight) = (Loss(left), Loss(right));
        for (var step = 0; step < Steps; step++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (Golden * (high - low));
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (Golden * (high - low));
                atRight = Loss(right);
            }
        }

        return Math.Exp((low + high) / 2);
    }
}
