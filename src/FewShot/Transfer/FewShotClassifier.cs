using System.Globalization;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// What <see cref="Classifier"/> of photos and <see cref="TextClassifier"/> share: learnt from a few examples of each class in seconds,
/// kept in a file under 1 MB, used anywhere. It stands on a frozen network, whose digest the file names; the network itself is not in it.
/// </summary>
/// <remarks>
/// <para>Which head is sensible for so many examples is chosen for the user, and <see cref="Reason"/> says why.</para>
/// <para>The file holds the float32 features of the examples, so that classes can be added and removed as if the classifier were learnt
/// anew, without the examples of the other classes: about 450 photos of 512 features fit. With more of them the file holds the head alone,
/// and <see cref="CanChange"/> is false.</para>
/// <para>It must not be changed and used by two threads at once.</para>
/// </remarks>
public abstract class FewShotClassifier : IDisposable
{
    // Features of one example differ by rounding where it passed the network in other company; those of two examples by far more.
    private const double SameExample = 1e-4;

    private protected FewShotClassifier(ClassifierState state) => State = state;

    /// <summary>The name of each class, in ordinal order.</summary>
    public IReadOnlyList<string> ClassNames => State.Card.ClassNames;

    /// <summary>How many examples each class was learnt from, in the order of <see cref="ClassNames"/>.</summary>
    public IReadOnlyList<int> Examples => State.Card.Examples;

    /// <summary>The head that was chosen: "nearest centroid".</summary>
    public string Head => State.Card.Head;

    /// <summary>Why it was chosen.</summary>
    public string Reason => State.Card.Reason;

    /// <summary>
    /// How many of its own examples were classified rightly when they were held out, with the choice of the head made anew each time: what
    /// to expect of further examples like these. Null where a class has a single one.
    /// </summary>
    public Accuracy? Expected =>
        State.Card.Correct is { } correct ? Of(correct, State.Card.ExampleCount()) : null;

    /// <summary>What scores are divided by before the softmax, fitted on examples held out where every class has two.</summary>
    public double Temperature => State.Card.Temperature;

    /// <summary>
    /// An example whose largest score is below it is refused; null where a class has a single example, and nothing is refused.
    /// </summary>
    public double? Threshold => State.Card.Threshold?.Score;

    /// <summary>The share of new examples of its classes that it accepts, at least; null as <see cref="Threshold"/>.</summary>
    public double? Acceptance => State.Card.Threshold?.Acceptance;

    /// <summary>Whether it holds the features of its examples, so that classes can be added and removed.</summary>
    public bool CanChange => State.Features is not null;

    /// <summary>Where it came from: examples, network, settings, versions, figures.</summary>
    public RunRecord Record => State.Record;

    /// <summary>The scores as a linear function of transformed features: what another program needs in order to answer alike.</summary>
    internal LinearHead Linear => State.Head;

    /// <summary>All that was learnt.</summary>
    private protected ClassifierState State { get; private set; }

    /// <summary>What it stands on, for people.</summary>
    private protected abstract string Foundation { get; }

    private string Example => State.Card.Options.Example;

    /// <summary>Writes it to a file, whole or not at all, by custom named <c>*.fewshot</c>.</summary>
    /// <remarks>The form is that of safetensors; up to about 200 classes it takes less than 1 MB.</remarks>
    /// <exception cref="FewShotException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ClassifierFile.Write(path, State);
    }

    /// <summary>Forgets a class: the result is that of a training without its examples.</summary>
    /// <param name="name">The class.</param>
    /// <param name="progress">Told of folds.</param>
    /// <exception cref="FewShotException">There is no such class, fewer than two would be left, or the classifier was learnt from more
    /// examples than it can hold (<see cref="CanChange"/>). It is unchanged then.</exception>
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

    /// <summary>The lines that say what it is, what to expect of it, and what it stands on.</summary>
    public override string ToString()
    {
        var classes = ClassNames.Zip(Examples, (name, count) => string.Create(CultureInfo.InvariantCulture, $"{name} ({count:N0})"));
        var refusal = Acceptance is { } acceptance
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"a {Example} that resembles no class is refused; of its own classes at least {100 * acceptance:0.0} % are accepted")
            : $"none is refused, and confidence is a guess: for more, each class needs two {Example}s";
        return string.Join('\n',
            $"classes:  {string.Join(", ", classes)}",
            $"head:     {Head}, because {Reason}",
            $"expect:   {Expected?.ToString() ?? $"unknown: for an estimate, each class needs two {Example}s"}",
            $"unknown:  {refusal}",
            $"backbone: {Foundation}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        DisposeFoundation();
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes the network where the classifier opened it.</summary>
    private protected abstract void DisposeFoundation();

    /// <summary>Features of one network mean nothing to the head of another.</summary>
    /// <exception cref="FewShotException">The classifier was learnt from features of another origin than the one at hand.</exception>
    private protected static void RequireOrigin(string path, ClassifierCard card, FeatureOrigin found, int featureCount)
    {
        if (card.BackboneDigest != found.BackboneDigest || card.FeatureCount != featureCount)
        {
            throw new FewShotException(
                $"{path} stands on another backbone, {card.Backbone}, than the one at hand, {found.Backbone}: features of one mean nothing "
                + "to the other. Give it its own backbone, or train it again on this one.");
        }

        if (card.Preprocessing != found.Preprocessing)
        {
            throw new FewShotException(
                $"{path} was trained with the preprocessing '{card.Preprocessing}', and the backbone at hand has '{found.Preprocessing}': "
                + "give it its own, or train it again.");
        }
    }

    /// <summary>What every record of a training says.</summary>
    private protected static RunRecord NewRecord(string name, string digest, bool isStandIn, FeatureOrigin origin) =>
        RunRecord.Capture($"classifier of {name}") with
        {
            Protocol = $"The head was chosen, and the confidence fitted, by cross-validation inside the {origin.Options.Example}s; the "
                + "cross-validated accuracy is of heads chosen anew in each fold.",
            Data = new Dictionary<string, string> { [name] = digest },
            UsesStandIn = isStandIn,
            Weights = origin.Backbone,
            WeightsDigest = origin.BackboneDigest,
            Options = RunRecord.OptionsFrom(origin.Options),
        };

    /// <summary>Learns further examples, of a class that it has or of a new one.</summary>
    /// <param name="name">The class.</param>
    /// <param name="encode">The features of the examples, float32, N x D, N at least 1; asked for once it is known that they are of
    /// use.</param>
    /// <param name="progress">Told of folds.</param>
    private protected void AddFeatures(string name, Func<torch.Tensor> encode, IProgress<StepProgress>? progress)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new FewShotException("A class that is added needs a name.");
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Kept($"'{name}' be added");
        var further = encode();
        IReadOnlyList<string> names = ClassNames.Contains(name) ? ClassNames : [.. ClassNames, name];
        var label = names.Index().Single(entry => entry.Item == name).Index;
        Replace(
            torch.cat([features, further]),
            [.. labels, .. Enumerable.Repeat((long)label, (int)further.shape[0])],
            names,
            string.Create(CultureInfo.InvariantCulture, $"added '{name}', {further.shape[0]:N0} {Example}s"),
            progress);
    }

    /// <summary>The features of its examples, which stay its own.</summary>
    /// <param name="wish">What they are needed for, after "It cannot tell how".</param>
    /// <exception cref="FewShotException">It does not hold them.</exception>
    private protected (torch.Tensor Features, long[] Labels) Kept(string wish) =>
        State is { Features: { } features, Labels: { } labels }
            ? (features, labels.data<long>().ToArray())
            : throw new FewShotException(string.Create(
                CultureInfo.InvariantCulture,
                $"The classifier was learnt from {State.Card.ExampleCount():N0} {Example}s, too many for it to hold their features. It "
                + $"cannot tell how {wish}: train it again from all of them."));

    /// <summary>Accuracy against the number of examples.</summary>
    private protected ExampleCurve Curve(int draws, long seed, IProgress<StepProgress>? progress)
    {
        var (features, labels) = Kept($"more {Example}s would change it");
        using var noGradient = torch.no_grad();
        return ExampleCurve.Measure(features, labels, State.Card.Options, draws, seed, progress ?? ProgressSink.Current);
    }

    /// <summary>One answer for each row of features.</summary>
    /// <param name="names">What each example is called in its answer.</param>
    /// <param name="encode">The features, float32, N x D.</param>
    /// <param name="top">Classes to name, at least 1.</param>
    private protected IReadOnlyList<Classification> Answers(IReadOnlyList<string> names, Func<torch.Tensor> encode, int top)
    {
        if (top < 1)
            throw new FewShotException($"An answer names at least 1 class; asked for {top}.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scores = State.Head.Scores(encode());
        var known = Accepted(scores);
        var (values, indexes) = (scores.to(torch.float64) / Temperature).softmax(1).topk(Math.Min(top, ClassNames.Count), 1);
        var (shares, labels, width) = (values.data<double>().ToArray(), indexes.data<long>().ToArray(), (int)values.shape[1]);
        return
        [
            .. names.Select((name, row) => new Classification(
                name,
                [.. Enumerable.Range(row * width, width).Select(i => new ClassProbability(ClassNames[(int)labels[i]], shares[i]))],
                known[row])),
        ];
    }

    /// <summary>How good it is on labelled examples; classes that it does not know stand for the unknown.</summary>
    /// <param name="features">float32, N x D, N at least 1.</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="classNames">The name of each class.</param>
    private protected ClassifierEvaluation Judge(torch.Tensor features, IReadOnlyList<long> labels, IReadOnlyList<string> classNames)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scores = State.Head.Scores(features);
        var accepted = Accepted(scores);
        var place = ClassNames.Index().ToDictionary(entry => entry.Item, entry => (long)entry.Index, StringComparer.Ordinal);
        var truth = labels.Select(label => place.GetValueOrDefault(classNames[(int)label], -1)).ToArray();
        long[] known = [.. Positions(truth, label => label >= 0)], unknown = [.. Positions(truth, label => label < 0)];
        return new ClassifierEvaluation(
            known.Length == 0 ? null : PredictionsOf(scores, known, truth),
            known.Length == 0 ? null : Of(known.Count(i => accepted[i]), known.Length),
            unknown.Length == 0 ? null : Of(unknown.Count(i => !accepted[i]), unknown.Length),
            [.. classNames.Where((name, label) => !place.ContainsKey(name) && labels.Contains(label))],
            Seen(features),
            State.Card.Options);
    }

    private Accuracy Of(long right, long count) => new(right, count) { Example = State.Card.Options.Counted };

    private static IEnumerable<long> Positions(long[] labels, Func<long, bool> wanted) =>
        labels.Index().Where(entry => wanted(entry.Item)).Select(entry => (long)entry.Index);

    private Predictions PredictionsOf(torch.Tensor scores, long[] positions, long[] truth)
    {
        using var scope = torch.NewDisposeScope();
        var rows = scores.index_select(0, torch.tensor(positions)).to(torch.float64) / Temperature;
        return new Predictions(rows, torch.tensor(positions.Select(position => truth[position]).ToArray()), ClassNames)
        {
            Example = State.Card.Options.Counted,
        };
    }

    private int? Seen(torch.Tensor features)
    {
        if (State.Features is not { } kept)
            return null;
        using var scope = torch.NewDisposeScope();
        var wide = features.to(torch.float64);
        var nearest = torch.cdist(wide, kept.to(torch.float64)).amin([1]);
        return (int)(nearest <= wide.norm(1) * SameExample).sum().item<long>();
    }

    private bool[] Accepted(torch.Tensor scores)
    {
        using var scope = torch.NewDisposeScope();
        return [.. scores.amax([1]).data<float>().Select(score => !(score < Threshold))];
    }

    private void Replace(
        torch.Tensor features, long[] labels, IReadOnlyList<string> names, string change, IProgress<StepProgress>? progress)
    {
        var record = State.Record with { Name = $"{State.Record.Name}, {change}" };
        var changed = ClassifierState.Learn(
            features, labels, names, FeatureOrigin.Of(State.Card), record, progress ?? ProgressSink.Current);
        State.Dispose();
        State = changed;
    }
}
