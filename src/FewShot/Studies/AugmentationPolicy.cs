using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// Chooses an augmentation inside the labelled images: a head is fitted to the views of some of them and answers the others, as they are.
/// </summary>
public static class AugmentationPolicy
{
    /// <summary>The squared error of each candidate on labelled images that its head was not fitted to, summed over classes and averaged
    /// over images: finer than the accuracy where images are few.</summary>
    /// <param name="candidates">Banks of the same labelled images; the first view is the image as it is.</param>
    /// <param name="folds">Parts that the images are dealt into, at least 2.</param>
    /// <returns>One for each candidate; the smallest is the one to take.</returns>
    /// <exception cref="FewShotException">The banks are of different images, or a class has fewer than 2.</exception>
    public static IReadOnlyList<double> Errors(IReadOnlyList<FeatureBank> candidates, int folds)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.FirstOrDefault(bank => bank.Source.Data != candidates[0].Source.Data) is { } other)
            throw new FewShotException($"A policy is chosen on the same images: '{candidates[0].Name}' and '{other.Name}' are not.");
        return [.. candidates.Select(bank => Error(bank, folds))];
    }

    private static double Error(FeatureBank bank, int folds)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var classes = bank.ClassNames.Count;
        var fold = StratifiedFolds.Assign(bank.Labels.data<long>().ToArray(), folds);
        var sum = 0.0;
        for (var held = 0; held <= fold.Max(); held++)
        {
            using var inner = torch.NewDisposeScope();
            torch.Tensor Positions(Func<int, bool> takes) => torch.tensor(fold.Select(takes).ToArray()).nonzero().flatten();
            var (inside, outside) = (Positions(f => f != held), Positions(f => f == held));
            using var head = RidgeHead.Fit(bank.Views.index_select(1, inside), bank.Labels.index_select(0, inside), classes);
            var answers = head.Scores(bank.Views[0].index_select(0, outside));
            var targets = torch.nn.functional.one_hot(bank.Labels.index_select(0, outside), classes);
            sum += (answers - targets).square().sum().item<float>();
        }

        return sum / bank.Count;
    }
}
