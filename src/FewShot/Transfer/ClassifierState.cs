using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>Everything that a classifier has learnt. It is replaced as a whole when a class is added or removed.</summary>
internal sealed class ClassifierState : IDisposable
{
    /// <summary>The most bytes of numbers in a file; text takes some kilobytes beside them.</summary>
    private const long MostNumbers = 950_000;

    /// <summary>Takes ownership of the tensors and the head.</summary>
    public ClassifierState(ClassifierCard card, RunRecord record, LinearHead head, torch.Tensor? features, torch.Tensor? labels)
    {
        (Card, Record, Head) = (card, record, head);
        (Features, Labels) = (features?.DetachFromDisposeScope(), labels?.DetachFromDisposeScope());
    }

    public ClassifierCard Card { get; }

    public RunRecord Record { get; }

    public LinearHead Head { get; }

    /// <summary>float32, N x D: the features of each example, class by class; null where they would not fit in a small file.</summary>
    public torch.Tensor? Features { get; }

    /// <summary>int64, N; null as <see cref="Features"/>.</summary>
    public torch.Tensor? Labels { get; }

    /// <summary>Whether the numbers of so many examples and classes fit in a file under 1 MB.</summary>
    public static bool CanKeep(long examples, long classes, long featureCount) =>
        (examples * ((featureCount * sizeof(float)) + sizeof(long)))
        + ((classes + 2) * (featureCount + 1) * sizeof(double)) <= MostNumbers;

    /// <param name="owner">The set, for the message.</param>
    /// <param name="names">The name of each class.</param>
    /// <param name="labels">The class of each example.</param>
    /// <param name="example">What one example is called.</param>
    /// <exception cref="FewShotException">There are fewer than two classes, or one without an example.</exception>
    public static void CheckClasses(string owner, IReadOnlyList<string> names, IReadOnlyList<long> labels, string example)
    {
        CheckClasses(owner, names, example);
        var empty = names.Where((_, label) => !labels.Contains(label)).ToList();
        if (empty.Count > 0)
            throw new FewShotException($"{owner}: there is no {example} of {string.Join(", ", empty.Select(name => $"'{name}'"))}.");
    }

    /// <summary>
    /// Learns from features, which stay the caller's. The same features of the same classes give the same head, in whatever order classes
    /// and examples of different classes come.
    /// </summary>
    /// <param name="features">float32, N x D.</param>
    /// <param name="labels">The class of each, from 0; every class has an example.</param>
    /// <param name="names">The name of each class.</param>
    /// <param name="origin">What the features were made with.</param>
    /// <param name="record">The record, to be completed with the figures.</param>
    /// <param name="progress">Told of the parts.</param>
    /// <exception cref="FewShotException">There are fewer than two classes.</exception>
    public static ClassifierState Learn(
        torch.Tensor features,
        IReadOnlyList<long> labels,
        IReadOnlyList<string> names,
        FeatureOrigin origin,
        RunRecord record,
        IProgress<StepProgress> progress)
    {
        CheckClasses("The classifier", names, origin.Options.Example);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        var place = names.Select(name => (long)Array.IndexOf(sorted, name)).ToArray();
        var order = Enumerable.Range(0, labels.Count).OrderBy(row => place[labels[row]]).Select(row => (long)row).ToArray();
        var rows = features.index_select(0, torch.tensor(order));
        var classes = order.Select(row => place[labels[(int)row]]).ToArray();
        var rowLabels = torch.tensor(classes);
        var learnt = LearntHead.Of(rows, rowLabels, sorted.Length, origin.Options, progress);
        var card = new ClassifierCard
        {
            ClassNames = sorted,
            Examples = [.. Enumerable.Range(0, sorted.Length).Select(label => classes.Count(c => c == label))],
            Head = learnt.Name,
            Reason = learnt.Reason,
            Temperature = learnt.Temperature,
            Threshold = learnt.Threshold,
            Correct = (int?)learnt.Expected?.Correct,
            Normalises = learnt.Head.Transform.Normalises,
            FeatureCount = (int)rows.shape[1],
            Backbone = origin.Backbone,
            BackboneDigest = origin.BackboneDigest,
            Preprocessing = origin.Preprocessing,
            Options = origin.Options,
        };
        var keep = CanKeep(classes.Length, sorted.Length, rows.shape[1]);
        return new ClassifierState(
            card,
            Complete(record, learnt, classes.Length, origin.Options.Example),
            learnt.Head,
            keep ? rows : null,
            keep ? rowLabels : null);
    }

    /// <summary>The same with the time that it took written in its record; this one is used up.</summary>
    public ClassifierState TookSeconds(double seconds) => new(Card, Record with { Seconds = seconds }, Head, Features, Labels);

    /// <inheritdoc/>
    public void Dispose()
    {
        Head.Dispose();
        Features?.Dispose();
        Labels?.Dispose();
    }

    private static void CheckClasses(string owner, IReadOnlyList<string> names, string example)
    {
        if (names.Count < 2)
        {
            throw new FewShotException(
                $"{owner}: a classifier tells at least two classes apart; there is {(names.Count == 1 ? $"only '{names[0]}'" : "none")}. "
                + $"Add {example}s of something else.");
        }
    }

    private static RunRecord Complete(RunRecord record, LearntHead learnt, long count, string example)
    {
        var results = new Dictionary<string, double> { [$"{example}s"] = count, ["temperature"] = learnt.Temperature };
        if (learnt is { Expected: { } expected, Threshold: { } threshold })
        {
            results["cross-validated accuracy"] = expected.Value;
            results["cross-validated accuracy low"] = expected.Interval.Low;
            results["cross-validated accuracy high"] = expected.Interval.High;
            results["acceptance"] = threshold.Acceptance;
        }

        return record with { Results = results };
    }
}
