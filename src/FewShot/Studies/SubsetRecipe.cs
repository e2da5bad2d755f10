using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// The recipes that <see cref="SubsetStudy"/> compares, by name. All judge an image and its mirror image, and average the scores.
/// </summary>
public static class SubsetRecipe
{
    /// <summary>A frozen backbone and a linear layer trained for ten epochs.</summary>
    public const string Probe = "linear probe, ten epochs";

    /// <summary>A frozen backbone and a logistic regression, fitted to its minimum.</summary>
    public const string Logistic = "logistic regression";

    /// <summary>The same on larger images.</summary>
    public const string LogisticLarger = "logistic regression, larger images";

    /// <summary>The same on the features of both sizes side by side.</summary>
    public const string LogisticBoth = "logistic regression, both sizes";

    /// <summary>
    /// The backbone's last two stages trained further, from a logistic regression on, on the images as they are. Compared inside the
    /// labelled images only.
    /// </summary>
    public const string FineTunedPlain = "fine-tuned, images as they are";

    /// <summary>The same on images that are flipped, zoomed, shifted and changed in colour at random.</summary>
    public const string FineTuned = "fine-tuned, augmented images";

    /// <summary>
    /// The log-probabilities of <see cref="LogisticBoth"/> and <see cref="FineTuned"/>, averaged: a network that adapted and one that
    /// did not err on different images.
    /// </summary>
    public const string Combined = "fine-tuned and both sizes together";

    /// <summary>The recipes, from the cheapest to the dearest.</summary>
    public static IReadOnlyList<string> All { get; } = [Probe, Logistic, LogisticLarger, LogisticBoth, FineTunedPlain, FineTuned, Combined];

    /// <summary>The recipes that leave the backbone as it is.</summary>
    public static IReadOnlyList<string> Frozen { get; } = [Probe, Logistic, LogisticLarger, LogisticBoth];

    /// <summary>Refuses a name that is none of <see cref="All"/>.</summary>
    internal static void Check(IReadOnlyList<string> recipes)
    {
        if (recipes.Except(All).FirstOrDefault() is { } unknown)
            throw new FewShotException($"The recipe '{unknown}' is not one of: {string.Join("; ", All)}.");
    }

    /// <summary>The scores of <see cref="Combined"/>: log-probabilities.</summary>
    /// <param name="scores">Gives the scores of a member.</param>
    internal static torch.Tensor Combine(Func<string, torch.Tensor> scores)
    {
        using var frozen = scores(LogisticBoth);
        using var tuned = scores(FineTuned);
        using var scope = torch.NewDisposeScope();
        return ((frozen.log_softmax(1) + tuned.log_softmax(1)) / 2).MoveToOuterDisposeScope();
    }
}
