using System.Diagnostics;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>
/// Puts methods on trial over one frozen list of episodes. Checks against leaks run before any score; where one fails there is no score.
/// </summary>
public sealed class Evaluator
{
    private readonly EpisodeList list;
    private readonly ILabelledSet set;
    private readonly EvaluatorOptions options;
    private readonly Lazy<UInt128[]> hashes;
    private readonly Lazy<IReadOnlyList<LeakageFinding>> ofList;

    /// <summary>An evaluator over a list.</summary>
    /// <param name="list">The episodes.</param>
    /// <param name="set">The images or texts that the list was drawn from; they stay the caller's and must outlive this.</param>
    /// <param name="options">Chunks, scores to keep, checks.</param>
    /// <exception cref="FewShotException">The list is of another set, or a setting is out of range.</exception>
    public Evaluator(EpisodeList list, ILabelledSet set, EvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(set);
        (this.list, this.set) = (list, set);
        this.options = options ?? new EvaluatorOptions();
        this.options.Check();
        if (list.Frame != EpisodeList.FrameOf(set.LabelValues, set.ClassNames))
        {
            throw new FewShotException(
                $"The episodes were drawn from '{list.Set}', whose classes or labels are not those of '{set.Name}': "
                + "use them with the set that they belong to.");
        }

        hashes = new(() => set.ExampleHashes());
        ofList = new(() =>
        [
            LabelPlaces.Check(list),
            SupportInQuery.Check(list, hashes.Value, this.options.Leakage.ToleratedDuplicates),
        ]);
    }

    /// <summary>Runs the checks against leaks alone, and gives what they found.</summary>
    /// <param name="method">The method.</param>
    /// <param name="history">What it was trained and chosen on.</param>
    /// <exception cref="FewShotException">The method is of another set, or gives no finite scores of the right shape.</exception>
    public LeakageReport Check(IFewShotMethod method, MethodHistory history)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(history);
        RequireSameSet(method);
        var leakage = options.Leakage;
        List<LeakageFinding> findings =
        [
            .. ofList.Value,
            ClassesApart.OfTraining(set, history),
            ClassesApart.OfImages(set, hashes.Value, history, leakage.ToleratedDuplicates),
            ClassesApart.OfChoices(set, history),
            QueriesApart.Check(method, list, leakage),
            GuessesAtChance.WhenShuffled(method, list, leakage, options.EpisodesAtOnce),
        ];
        if (method is IAdaptingMethod { Adapts: true } adapting)
            findings.Add(GuessesAtChance.BeforeAdaptation(adapting, list, leakage, options.EpisodesAtOnce));
        return new LeakageReport(method.Name, findings);
    }

    /// <summary>Checks a method, and then judges it.</summary>
    /// <param name="method">The method. The labels of the queries are kept from it.</param>
    /// <param name="history">What it was trained and chosen on.</param>
    /// <param name="progress">Told of episodes.</param>
    /// <exception cref="FewShotException">A check failed, so that there is no score: the message says which, what was found and what to do;
    /// or the method is of another set, or gives no finite scores of the right shape.</exception>
    public TrialResult Run(IFewShotMethod method, MethodHistory history, IProgress<StepProgress>? progress = null)
    {
        var leakage = Check(method, history);
        leakage.RequirePassed();
        progress ??= ProgressSink.Current;
        using var noGradient = torch.no_grad();
        var queries = list.Episodes[0].Query.Count;
        var kept = Math.Min(list.Count, options.KeptQueries / queries);
        var (scores, labels) = (new List<float>(), new List<long>());
        var accuracies = new List<double>(list.Count);
        var clock = new Stopwatch();
        long? peak = null;
        var timed = 0;
        foreach (var chunk in list.Episodes.Chunk(options.EpisodesAtOnce))
        {
            using var scope = torch.NewDisposeScope();
            torch.Tensor found = null!;
            if (accuracies.Count == 0)
            {
                // The first chunk is measured for memory, which costs time: where there are more, it is not timed.
                var clockOfFirst = Stopwatch.StartNew();
                peak = PeakMemory.Of(() => found = EpisodeAnswers.Of(method, chunk)) / chunk.Length;
                if (list.Count == chunk.Length)
                    (clock, timed) = (clockOfFirst, chunk.Length);
            }
            else
            {
                clock.Start();
                found = EpisodeAnswers.Of(method, chunk);
                timed += chunk.Length;
            }

            clock.Stop();
            if (accuracies.Count < kept)
            {
                var wanted = Math.Min(chunk.Length, kept - accuracies.Count);
                scores.AddRange(found.narrow(0, 0, wanted).contiguous().data<float>().ToArray());
                labels.AddRange(chunk.Take(wanted).SelectMany(episode => episode.Query).Select(image => (long)image.Label));
            }

            accuracies.AddRange(EpisodeAnswers.Accuracies(found, chunk));
            progress.Report(new StepProgress($"{method.Name} on {list.Count:N0} episodes", accuracies.Count, list.Count));
        }

        return new TrialResult
        {
            Method = method.Name,
            IsTransductive = method.IsTransductive,
            SideInformation = method.SideInformation,
            Form = list.Options,
            ListDigest = list.Digest,
            Data = set.Name,
            DataDigest = set.Digest,
            UsesStandIn = set.IsStandIn,
            Weights = method.Source.Weights,
            TrainedElsewhere = history.TrainedElsewhere,
            Accuracy = new EpisodeAccuracy(accuracies, list.Seed, options.Confidence),
            SecondsPerEpisode = clock.Elapsed.TotalSeconds / timed,
            PeakBytesPerEpisode = Torch.Device.type == DeviceType.CPU ? peak : null,
            Leakage = leakage,
            Scores = new KeptScores([.. scores], [.. labels], list.Options.Way, queries),
        };
    }

    /// <summary>
    /// Tries values of a setting, and takes the one with the highest mean accuracy, the first of equal ones. The choice remembers the
    /// classes of this evaluator's set: it must be one of validation classes, and no judge's.
    /// </summary>
    /// <typeparam name="T">Of the value.</typeparam>
    /// <param name="name">What is chosen: "strength of the ridge".</param>
    /// <param name="candidates">At least one.</param>
    /// <param name="method">The method with a value, over this evaluator's set; it is disposed afterwards where it can be.</param>
    /// <param name="history">What the method was trained and chosen on before.</param>
    /// <param name="progress">Told of episodes.</param>
    /// <exception cref="FewShotException">There is no candidate, or a check against leaks failed.</exception>
    public Choice<T> Choose<T>(
        string name,
        IReadOnlyList<T> candidates,
        Func<T, IFewShotMethod> method,
        MethodHistory history,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(method);
        if (candidates.Count == 0)
            throw new FewShotException($"There is no candidate for {name}.");
        var tried = candidates.Select(value =>
        {
            var one = method(value);
            using var owned = one as IDisposable;
            return (Value: value, Run(one, history, progress).Accuracy);
        }).ToList();
        return new Choice<T>(name, tried.MaxBy(one => one.Accuracy.Mean).Value, ClassesSeen.In(set), tried);
    }

    private void RequireSameSet(IFewShotMethod method)
    {
        var (images, frame) = (method.Source.Images, method.Source.Frame);
        if ((images is not null && images != set.Digest) || (frame is not null && frame != list.Frame))
        {
            throw new FewShotException(
                $"{method.Name} answers about other examples than those of the list: "
                + $"{(frame is not null && frame != list.Frame ? "its labels or classes" : "its examples")} are not those of {set.Name}. "
                + "Make its features or inputs from the set that the episodes were drawn from.");
        }
    }
}
