using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Evaluation;

/// <summary>What a classifier said of each image, beside the truth: all that the measures of this folder need.</summary>
public sealed class Predictions
{
    private readonly long[] labels;
    private readonly long[] predicted;
    private readonly float[] confidence;

    /// <summary>Predictions from class scores.</summary>
    /// <param name="scores">floating point, N x classes, the higher the likelier; logits, or log-probabilities.</param>
    /// <param name="labels">int64, N, each from 0 to classes - 1.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <exception cref="FewShotException">Shapes or types do not fit together, there is no image, or a score is not a number.</exception>
    public Predictions(torch.Tensor scores, torch.Tensor labels, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        Runtime.ClassNames.Check("Predictions", classNames);
        if (scores.dim() != 2 || scores.shape[1] != classNames.Count || !scores.is_floating_point())
        {
            throw new FewShotException(
                $"Scores must be floating point, N x {classNames.Count}; "
                + $"found {scores.dtype} with shape [{string.Join(", ", scores.shape)}].");
        }

        if (labels.dim() != 1 || labels.dtype != torch.ScalarType.Int64 || labels.shape[0] != scores.shape[0] || scores.shape[0] == 0)
        {
            throw new FewShotException(
                $"Labels must be int64, one per row of scores ({scores.shape[0]}), and not none; "
                + $"found {labels.dtype} with shape [{string.Join(", ", labels.shape)}].");
        }

        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        if (!scores.isfinite().all().item<bool>())
            throw new FewShotException("A score is not a number or infinite: the classifier diverged, or its features do.");
        var logProbabilities = scores.to(torch.float64).cpu().log_softmax(1);
        var (values, indexes) = logProbabilities.exp().max(1);
        confidence = values.to(torch.float32).data<float>().ToArray();
        predicted = indexes.data<long>().ToArray();
        this.labels = labels.cpu().contiguous().data<long>().ToArray();
        if (this.labels.Any(label => label < 0 || label >= classNames.Count))
        {
            throw new FewShotException(
                $"Label {this.labels.First(label => label < 0 || label >= classNames.Count)} is outside 0..{classNames.Count - 1}.");
        }

        Loss = -logProbabilities.gather(1, labels.cpu().unsqueeze(1)).mean().item<double>();
        ClassNames = classNames;
        Space = new LabelledSpace(classNames);
    }

    /// <summary>Predictions of a head or network that knows what it was trained on, of images that are known.</summary>
    /// <param name="scores">As above.</param>
    /// <param name="labels">As above.</param>
    /// <param name="space">What they were made in; the names of the classes are known.</param>
    /// <param name="images">SHA-256 of the images and labels, or null.</param>
    internal Predictions(torch.Tensor scores, torch.Tensor labels, LabelledSpace space, string? images)
        : this(scores, labels, space.ClassNames!)
    {
        Space = space;
        Images = images;
    }

    /// <summary>Mean cross-entropy in nats: how improbable the truth was to the classifier, 0 at best.</summary>
    public double Loss { get; }

    /// <summary>The true class of each image.</summary>
    public IReadOnlyList<long> Labels => labels;

    /// <summary>The class with the highest score, per image.</summary>
    public IReadOnlyList<long> Predicted => predicted;

    /// <summary>The softmax of that score, per image: how sure the classifier is, 0 to 1.</summary>
    public IReadOnlyList<float> Confidence => confidence;

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Which classes, and, where a bank's or network's <c>Predict</c> made them, from which features.</summary>
    public LabelledSpace Space { get; }

    /// <summary>SHA-256 of the images and labels, or null where it is not known.</summary>
    public string? Images { get; }

    /// <summary>Number of images.</summary>
    public int Count => labels.Length;

    /// <summary>What one of them is called: "image".</summary>
    internal string Example { get; init; } = "image";

    /// <summary>The share of images whose predicted class is the true one.</summary>
    public Accuracy Accuracy => new(labels.Zip(predicted).LongCount(pair => pair.First == pair.Second), Count) { Example = Example };

    /// <summary>The same share among some of the images.</summary>
    /// <param name="positions">At least one position, each from 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="FewShotException">There is no position, or one is outside.</exception>
    public Accuracy AccuracyAmong(IReadOnlyList<long> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (positions.Count == 0 || positions.Any(position => position < 0 || position >= Count))
        {
            throw new FewShotException(
                $"An accuracy needs at least one position, all from 0 to {Count - 1}; "
                + $"found {positions.Count}, of which {positions.Count(position => position < 0 || position >= Count)} are outside.");
        }

        return new(positions.LongCount(position => labels[position] == predicted[position]), positions.Count) { Example = Example };
    }

    /// <inheritdoc/>
    public override string ToString() => Accuracy.ToString();
}
