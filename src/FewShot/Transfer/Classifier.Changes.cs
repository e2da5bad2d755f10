using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

public sealed partial class Classifier
{
    /// <summary>
    /// Learns a class that it did not have, or further photos of one that it has. No photo of the other classes is needed, and the result
    /// is that of a training on the folder with these photos in it.
    /// </summary>
    /// <param name="name">The class.</param>
    /// <param name="paths">PNG or JPEG files, at least one; photos already there, given once more, count twice.</param>
    /// <param name="progress">Told of photos, features and folds.</param>
    /// <exception cref="FewShotException">The name is empty, a file is missing or no image, or the classifier was learnt from more photos
    /// than it can hold (<see cref="CanChange"/>). It is unchanged then.</exception>
    public void Add(string name, IReadOnlyList<string> paths, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        using var images = Read($"Photos of '{name}'", [.. paths.Order(StringComparer.Ordinal)], progress);
        Add(name, images, progress);
    }

    /// <param name="name">The class.</param>
    /// <param name="images">uint8, N x 3 x H x W, at least one.</param>
    /// <param name="progress">Told of features and folds.</param>
    /// <inheritdoc cref="Add(string, IReadOnlyList{string}, IProgress{StepProgress})"/>
    public void Add(string name, torch.Tensor images, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (string.IsNullOrWhiteSpace(name))
            throw new FewShotException("A class that is added needs a name.");
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Kept($"'{name}' be added");
        var further = FeaturesOf(images, progress);
        IReadOnlyList<string> names = ClassNames.Contains(name) ? ClassNames : [.. ClassNames, name];
        var label = names.Index().Single(entry => entry.Item == name).Index;
        Replace(
            torch.cat([features, further]),
            [.. labels, .. Enumerable.Repeat((long)label, (int)further.shape[0])],
            names,
            string.Create(CultureInfo.InvariantCulture, $"added '{name}', {further.shape[0]:N0} photos"),
            progress);
    }

    /// <summary>Forgets a class: the result is that of a training on the folder without it.</summary>
    /// <param name="name">The class.</param>
    /// <param name="progress">Told of folds.</param>
    /// <exception cref="FewShotException">There is no such class, fewer than two would be left, or the classifier was learnt from more
    /// photos than it can hold (<see cref="CanChange"/>). It is unchanged then.</exception>
    public void Remove(string name, IProgress<StepProgress>? progress = null)
    {
        if (!ClassNames.Contains(name))
            throw new FewShotException($"There is no class '{name}' to remove; there are {string.Join(", ", ClassNames)}.");
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Kept($"'{name}' be removed");
        var gone = ClassNames.Index().Single(entry => entry.Item == name).Index;
        var rest = torch.tensor(labels.Select(label => label != gone).ToArray()).nonzero().flatten();
        Replace(
            features.index_select(0, rest),
            [.. labels.Where(label => label != gone).Select(label => label > gone ? label - 1 : label)],
            [.. ClassNames.Where(other => other != name)],
            $"removed '{name}'",
            progress);
    }

    private (torch.Tensor Features, long[] Labels) Kept(string wish) => state is { Features: { } features, Labels: { } labels }
        ? (features, labels.data<long>().ToArray())
        : throw new FewShotException(string.Create(
            CultureInfo.InvariantCulture,
            $"The classifier was learnt from {state.Card.PhotoCount():N0} photos, too many for it to hold their features. It cannot tell "
            + $"how {wish}: train it again from the folder."));

    private void Replace(
        torch.Tensor features, long[] labels, IReadOnlyList<string> names, string change, IProgress<StepProgress>? progress)
    {
        var record = state.Record with { Name = $"{state.Record.Name}, {change}" };
        var changed = ClassifierState.Learn(
            features, labels, names, FeatureOrigin.Of(state.Card), record, progress ?? ProgressSink.Current);
        state.Dispose();
        state = changed;
    }
}
