using FewShot.Heads;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>What a head says of each photo when it was fitted without it.</summary>
internal static class CrossValidation
{
    /// <summary>Photos of the rarest class; a class of which there is no photo at all is not seen.</summary>
    public static int Fewest(torch.Tensor labels) => labels.data<long>().ToArray().CountBy(label => label).Min(entry => entry.Value);

    /// <summary>Scores of each photo by a head that was fitted on the other folds.</summary>
    /// <param name="features">float32, N x D.</param>
    /// <param name="labels">int64, N; each class at least twice.</param>
    /// <param name="folds">Folds at most; the rarest class may allow fewer.</param>
    /// <param name="fit">Fits a head on some of the features and their labels.</param>
    /// <returns>float32, N x classes, the caller's.</returns>
    public static torch.Tensor Scores(
        torch.Tensor features, torch.Tensor labels, int folds, Func<torch.Tensor, torch.Tensor, LinearHead> fit)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var fold = StratifiedFolds.Assign(labels.data<long>().ToArray(), folds);
        var used = fold.Max() + 1;
        torch.Tensor? scores = null;
        for (var held = 0; held < used; held++)
        {
            var inside = torch.tensor(fold.Select(f => f != held).ToArray()).nonzero().flatten();
            var outside = torch.tensor(fold.Select(f => f == held).ToArray()).nonzero().flatten();
            using var head = fit(features.index_select(0, inside), labels.index_select(0, inside));
            var found = head.Scores(features.index_select(0, outside));
            scores ??= torch.empty([features.shape[0], found.shape[1]]);
            _ = scores.index_copy_(0, outside, found);
        }

        return scores!.MoveToOuterDisposeScope();
    }

    /// <summary>How many photos a head classifies rightly that was fitted on the other folds.</summary>
    public static int Correct(torch.Tensor features, torch.Tensor labels, int classes, int folds, HeadRecipe recipe)
    {
        using var scope = torch.NewDisposeScope();
        return Correct(Scores(features, labels, folds, (some, theirs) => recipe.Fit(some, theirs, classes)), labels);
    }

    /// <summary>How many rows of scores have their largest value at their label.</summary>
    public static int Correct(torch.Tensor scores, torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        return (int)scores.argmax(1).eq(labels).sum().item<long>();
    }
}
