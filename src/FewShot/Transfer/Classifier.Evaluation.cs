using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

public sealed partial class Classifier
{
    // Features of one photo differ by rounding where it passed the backbone in other company; those of two photos by far more.
    private const double SamePhoto = 1e-4;

    /// <summary>How good it is on a folder of class folders; classes that it does not know stand for the unknown.</summary>
    /// <param name="folder">As <see cref="ImageFolder.Load"/> takes it.</param>
    /// <param name="progress">Told of photos and features.</param>
    /// <exception cref="FewShotException">The folder is missing, or holds something that is no photo.</exception>
    public ClassifierEvaluation Evaluate(string folder, IProgress<StepProgress>? progress = null)
    {
        using var images = ImageFolder.Load(folder, new ImageFolderOptions(state.Card.Options.Size), progress);
        return Evaluate(images, progress);
    }

    /// <summary>How good it is on a set of images; classes that it does not know stand for the unknown.</summary>
    /// <param name="images">At least one image.</param>
    /// <param name="progress">Told of features.</param>
    /// <exception cref="FewShotException">There is no image.</exception>
    public ClassifierEvaluation Evaluate(ImageSet images, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var features = FeaturesOf(images, backbone, state.Card.Options, progress ?? ProgressSink.Current);
        var scores = state.Head.Scores(features);
        var accepted = Accepted(scores);
        var place = ClassNames.Index().ToDictionary(entry => entry.Item, entry => (long)entry.Index, StringComparer.Ordinal);
        var truth = images.LabelValues.Select(label => place.GetValueOrDefault(images.ClassNames[(int)label], -1)).ToArray();
        long[] known = [.. Positions(truth, label => label >= 0)], unknown = [.. Positions(truth, label => label < 0)];
        return new ClassifierEvaluation(
            known.Length == 0 ? null : PredictionsOf(scores, known, truth),
            known.Length == 0 ? null : new Accuracy(known.Count(i => accepted[i]), known.Length),
            unknown.Length == 0 ? null : new Accuracy(unknown.Count(i => !accepted[i]), unknown.Length),
            [.. images.ClassNames.Where((name, label) => !place.ContainsKey(name) && images.LabelValues.Contains(label))],
            Seen(features));
    }

    private static IEnumerable<long> Positions(long[] labels, Func<long, bool> wanted) =>
        labels.Index().Where(entry => wanted(entry.Item)).Select(entry => (long)entry.Index);

    private Predictions PredictionsOf(torch.Tensor scores, long[] positions, long[] truth)
    {
        using var scope = torch.NewDisposeScope();
        var rows = scores.index_select(0, torch.tensor(positions)).to(torch.float64) / Temperature;
        return new Predictions(rows, torch.tensor(positions.Select(position => truth[position]).ToArray()), ClassNames);
    }

    private int? Seen(torch.Tensor features)
    {
        if (state.Features is not { } kept)
            return null;
        using var scope = torch.NewDisposeScope();
        var wide = features.to(torch.float64);
        var nearest = torch.cdist(wide, kept.to(torch.float64)).amin([1]);
        return (int)(nearest <= wide.norm(1) * SamePhoto).sum().item<long>();
    }
}
