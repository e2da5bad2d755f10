using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>How right a classifier is that learnt from so many examples of each class.</summary>
/// <param name="PerClass">Photos of each class.</param>
/// <param name="Accuracy">The share of examples held out that was classified rightly, with its interval over those examples.</param>
public sealed record ExampleCurvePoint(int PerClass, Estimate Accuracy);

/// <summary>How many more examples? Accuracy against the number of examples of each class, measured inside the examples at hand.</summary>
/// <remarks>
/// For each number of examples, several draws learn from so many of each class, choice of the head included, and are judged on all others.
/// The accuracy of an example is its mean over the draws that held it out; the interval is over examples, and says what other examples of
/// the same kind leave open.
/// </remarks>
public sealed class ExampleCurve
{
    private const double HardlyAnything = 0.02;

    private static readonly int[] Sizes = [1, 2, 3, 5, 10, 20, 50, 100];

    private readonly string example;

    private ExampleCurve(IReadOnlyList<ExampleCurvePoint> points, Estimate? gain, int draws, long seed, string example)
    {
        (Points, Gain, Draws, Seed) = (points, gain, draws, seed);
        this.example = example;
    }

    /// <summary>From few examples to many.</summary>
    public IReadOnlyList<ExampleCurvePoint> Points { get; }

    /// <summary>
    /// What the last doubling of the examples brought, as a difference of accuracies with its interval over examples; null where there is a
    /// single point.
    /// </summary>
    public Estimate? Gain { get; }

    /// <summary>Draws for each point.</summary>
    public int Draws { get; }

    /// <summary>What the draws come from.</summary>
    public long Seed { get; }

    /// <summary>Measures.</summary>
    /// <param name="features">float32, N x D.</param>
    /// <param name="labels">The class of each, from 0.</param>
    /// <param name="options">Settings of the classifier.</param>
    /// <param name="draws">Draws for each point, at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <param name="progress">Told of draws.</param>
    /// <exception cref="FewShotException">A class has a single example, or there is no draw.</exception>
    internal static ExampleCurve Measure(
        torch.Tensor features, long[] labels, ClassifierSettings options, int draws, long seed, IProgress<StepProgress> progress)
    {
        var fewest = labels.CountBy(label => label).Min(entry => entry.Value);
        if (fewest < 2)
        {
            throw new FewShotException(
                $"A learning curve needs at least two {options.Example}s of each class: one to learn from, one to be judged by.");
        }


        if (draws < 1)
            throw new FewShotException($"A learning curve needs at least 1 draw; found {draws}.");
        // A fifth of the rarest class is always held out, and half of the largest size is always there, for the gain of the doubling.
        var largest = fewest - Math.Max(1, fewest / 5);
        int[] sizes =
        [
            .. Sizes.Where(size => size <= largest).Append(largest).Append(largest / 2).Where(size => size > 0).Distinct().Order(),
        ];
        var rights = sizes.Select((size, index) =>
        {
            progress.Report(new StepProgress("learning curve", index, sizes.Length, $"{size} of each class"));
            return ExampleAccuracies(features, labels, size, options, draws, seed);
        }).ToList();
        progress.Report(new StepProgress("learning curve", sizes.Length, sizes.Length));
        return new ExampleCurve(
            [.. sizes.Zip(rights, (size, right) => new ExampleCurvePoint(size, Mean([.. right.Where(value => !double.IsNaN(value))])))],
            sizes.Length == 1 ? null : Difference(rights[Array.IndexOf(sizes, largest / 2)], rights[^1]),
            draws,
            seed,
            options.Example);
    }

    /// <summary>The points, and what one may expect of twice as many examples.</summary>
    public override string ToString()
    {
        var lines = Points.Select(point => string.Create(
            CultureInfo.InvariantCulture,
            $"{point.PerClass,4} {example}{(point.PerClass == 1 ? " " : "s")} of each class: {point.Accuracy}"));
        return string.Join('\n', lines.Append(Advice()));
    }

    private string Advice()
    {
        if (Gain is not { } gain)
            return $"With more {example}s of each class, what a doubling brings could be told.";
        var (from, to) = (Points[^1].PerClass / 2, Points[^1].PerClass);
        var brought = string.Create(
            CultureInfo.InvariantCulture,
            $"From {from} to {to} {example}s of each class it changed by {100 * gain.Value:+0.0;-0.0;0.0} points "
            + $"[{100 * gain.Low:0.0}, {100 * gain.High:0.0}]; ");
        return brought + gain switch
        {
            { Low: > 0 } => $"more {example}s help, and the next doubling will as a rule bring less than this one.",
            { High: < HardlyAnything } => $"twice as many {example}s of the same kind will hardly help. Other kinds may.",
            _ => $"these {example}s are too few to tell whether more of them would help.",
        };
    }

    /// <summary>The mean over draws of each example's being right when held out; not a number for one that never was.</summary>
    private static double[] ExampleAccuracies(
        torch.Tensor features, long[] labels, int size, ClassifierSettings options, int draws, long seed)
    {
        var classes = (int)labels.Max() + 1;
        var (asked, right) = (new int[labels.Length], new int[labels.Length]);
        for (var draw = 0; draw < draws; draw++)
        {
            using var scope = torch.NewDisposeScope();
            var (inside, outside) = Draw(labels, size, seed, draw);
            var (some, theirs) = (features.index_select(0, torch.tensor(inside)), torch.tensor(inside.Select(i => labels[i]).ToArray()));
            var choice = HeadChoice.Make(some, theirs, classes, options, Silent);
            using var head = choice.Recipe.Fit(some, theirs, classes);
            var answers = head.Scores(features.index_select(0, torch.tensor(outside))).argmax(1).data<long>().ToArray();
            foreach (var (example, answer) in outside.Zip(answers))
            {
                asked[example]++;
                right[example] += answer == labels[example] ? 1 : 0;
            }
        }

        return [.. right.Zip(asked, (hits, times) => (double)hits / times)];
    }

    private static readonly IProgress<StepProgress> Silent = new Progress<StepProgress>();

    private static (long[] Inside, long[] Outside) Draw(long[] labels, int size, long seed, int draw)
    {
        var inside = new List<long>();
        foreach (var group in labels.Index().GroupBy(entry => entry.Item, entry => (long)entry.Index))
        {
            var examples = group.ToArray();
            new StableRandom(seed, (((long)draw) << 32) + group.Key).Draw<long>(examples, size);
            inside.AddRange(examples.Take(size));
        }

        inside.Sort();
        return ([.. inside], [.. Enumerable.Range(0, labels.Length).Select(i => (long)i).Except(inside)]);
    }

    private static Estimate Mean(double[] values)
    {
        var interval = Interval.OfEpisodes(values);
        return new Estimate(values.Average(), interval.Low, interval.High);
    }

    private static Estimate Difference(double[] few, double[] many)
    {
        double[] differences =
        [
            .. few.Zip(many, (before, after) => after - before).Where(difference => !double.IsNaN(difference)),
        ];
        var interval = Interval.OfMean(differences);
        return new Estimate(differences.Average(), interval.Low, interval.High);
    }
}
