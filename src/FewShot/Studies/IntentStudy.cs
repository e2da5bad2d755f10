using System.Globalization;
using System.Text.Json;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Text;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>
/// Few-shot text on BANKING77: intents from their names alone, from a few labelled questions, with varied texts, with a tuned encoder,
/// in other languages, and with strangers to refuse; several draws of the questions, judged on the test questions. A study that was
/// stopped goes on with the draws that it has.
/// </summary>
public sealed class IntentStudy : IDisposable
{
    private readonly IntentStudyOptions options;
    private readonly string kept;
    private readonly IProgress<StepProgress> progress;
    private readonly SentenceEncoder encoder;
    private readonly HashedNgrams ngrams = new();
    private readonly NearWords near;
    private readonly TextSet test;
    private readonly Lazy<FeatureBank> testSentences;
    private readonly Lazy<FeatureBank> testNgrams;

    /// <summary>Prepares a study; nothing is computed yet.</summary>
    /// <param name="work">Where finished draws are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <exception cref="FewShotException">A setting is out of range, or the encoder cannot be read.</exception>
    public IntentStudy(string work, IntentStudyOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(work);
        this.options = options ?? new IntentStudyOptions();
        this.options.Check();
        this.progress = progress ?? ProgressSink.Current;
        encoder = SentenceEncoder.Packaged();
        near = new NearWords(encoder);
        test = Banking77.Test.Select(Banking77.Test.Draw(this.options.TestPerIntent, seed: 0));
        testSentences = new(() => FeatureBank.Extract(encoder, test));
        testNgrams = new(() => FeatureBank.Extract(ngrams, test));
        kept = Path.Combine(work, Identity());
    }

    /// <summary>Fits and judges what is not kept yet.</summary>
    /// <param name="cancel">Stops after the current draw.</param>
    /// <returns>The record: see <see cref="IntentStudyResult"/>.</returns>
    /// <exception cref="FewShotException">A kept file is damaged.</exception>
    public RunRecord Run(CancellationToken cancel = default)
    {
        var results = new Dictionary<string, double>
        {
            [IntentStudyResult.TestQuestions] = test.Count,
            [IntentStudyResult.NamesAlone] = FromNames().Value,
        };
        var seconds = 0.0;
        foreach (var count in options.PerIntent)
        {
            foreach (var method in IntentMethod.Plain)
                Row(method, count);
            foreach (var method in options.Varied.Contains(count)
                ? IntentMethod.Varied.Select(pair => pair.With).Prepend(IntentMethod.WithoutMixup)
                : [])
            {
                Row(method, count);
            }

            if (options.Varied.Contains(count))
                Put(IntentMethod.Blend, count, draw => JudgeBlend(Labelled(count, draw)));
        }

        Strangers(results, cancel);
        Languages(results);
        var tuning = new IntentTuning(encoder, options, kept, progress);
        var choice = tuning.Choose(Labelled(options.Tuned, draw: 0), cancel);
        Put(IntentMethod.Tuned, options.Tuned, draw => tuning.Judge(choice, Labelled(options.Tuned, draw), test, draw, cancel));
        return RunRecord.Capture($"{test.Name}: intents from few questions, {encoder.Name}") with
        {
            Protocol = Protocol(choice),
            Data = new Dictionary<string, string>
            {
                [Banking77.Train.Name] = Banking77.Train.Digest,
                [test.Name] = test.Digest,
            },
            Weights = encoder.Description,
            WeightsDigest = encoder.WeightsDigest,
            Seeds = Enumerable.Range(0, options.Draws).ToDictionary(SubsetStudyResult.DrawName, draw => (long)draw),
            Options = RunRecord.OptionsFrom(options),
            Results = results,
            Seconds = seconds,
        };

        void Row(IntentMethod method, int count) => Put(method.Name, count, draw => Judge(method, Labelled(count, draw), draw));

        void Put(string method, int count, Func<int, Accuracy> judge)
        {
            var row = KeptDraws.Complete(
                KeptPath(method, count), $"{method}, {count} of each intent", options.Draws, judge, progress, cancel);
            for (var draw = 0; draw < options.Draws; draw++)
                results[IntentStudyResult.Key(method, count, draw)] = row.Results[SubsetStudyResult.DrawName(draw)];
            seconds += row.Seconds;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var bank in new[] { testSentences, testNgrams }.Where(bank => bank.IsValueCreated))
            bank.Value.Dispose();
        near.Dispose();
        encoder.Dispose();
    }

    private static TextSet Labelled(int count, int draw) => Banking77.Train.Select(Banking77.Train.Draw(count, draw));

    private Accuracy Judge(IntentMethod method, TextSet labelled, int draw)
    {
        ITextEncoder text = method.IsNgrams ? ngrams : encoder;
        var augmentation = method.IsVaried ? new TextAugmentation(near, options.Augmentation with { Seed = draw }) : null;
        using var bank = FeatureBank.Extract(text, method.IsNamed ? labelled.With(Banking77.Names) : labelled, augmentation);
        using var head = method.Fit(bank, draw);
        return (method.IsNgrams ? testNgrams : testSentences).Value.Predict(head).Accuracy;
    }

    private Accuracy JudgeBlend(TextSet labelled)
    {
        var named = labelled.With(Banking77.Names);
        using var sentences = FeatureBank.Extract(encoder, named);
        using var words = FeatureBank.Extract(ngrams, named);
        return IntentBlend.Judge(sentences, words, labelled.Count, IntentMethod.Penalties, testSentences.Value, testNgrams.Value);
    }

    /// <summary>A class is the vector of its name: no question is labelled.</summary>
    private Accuracy FromNames()
    {
        using var bank = FeatureBank.Extract(encoder, Banking77.Names);
        using var head = NearestCentroid.Fit(bank);
        return testSentences.Value.Predict(head).Accuracy;
    }

    /// <summary>Some intents are never labelled; a question about one of them should be refused.</summary>
    private void Strangers(Dictionary<string, double> results, CancellationToken cancel)
    {
        for (var draw = 0; draw < options.Draws; draw++)
        {
            cancel.ThrowIfCancellationRequested();
            string[] intents = [.. Banking77.Intents];
            new StableRandom(draw, stream: 77).Draw<string>(intents, intents.Length);
            var known = intents[options.UnknownIntents..];
            using var bank = FeatureBank.Extract(encoder, Labelled(options.Tuned, draw).SelectClasses(known));
            using var head = IntentMethod.FitLogistic(bank, draw);
            using var scores = head.Scores(testSentences.Value.Features);
            var sure = Certainty.LargestScore.Of(scores).Zip(test.Labels).ToLookup(
                one => known.Contains(Banking77.Intents[(int)one.Second]), one => one.First);
            double[] ours = [.. sure[true]], strange = [.. sure[false]];
            results[IntentStudyResult.AurocKey(draw)] = Rejection.AtTrueAcceptance(ours, strange).Auroc;
            foreach (var share in IntentStudyResult.Acceptances)
            {
                results[IntentStudyResult.AcceptedKey(share, draw)] =
                    Rejection.AtTrueAcceptance(ours, strange, share).FalseAcceptance.Value;
            }

            progress.Report(new StepProgress("refusing strangers", draw + 1, options.Draws));
        }
    }

    /// <summary>The same questions in three languages, to classifiers that were fitted to English ones.</summary>
    private void Languages(Dictionary<string, double> results)
    {
        for (var draw = 0; draw < options.Draws; draw++)
        {
            using var bank = FeatureBank.Extract(encoder, Labelled(options.Tuned, draw));
            using var head = IntentMethod.FitLogistic(bank, draw);
            foreach (var language in BankQuestions.Languages)
            {
                using var asked = FeatureBank.Extract(encoder, BankQuestions.In(language));
                results[IntentStudyResult.LanguageKey(language, draw)] = asked.Predict(head).Accuracy.Value;
            }
        }
    }

    private string KeptPath(string method, int count) =>
        Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"{method}, {count}.json").Replace(' ', '-'));

    private string Protocol(IntentTuning.Chosen choice) => string.Create(
        CultureInfo.InvariantCulture,
        $"{options.Draws} draws of the labelled questions from {Banking77.Train.Name}; each method is fitted to a draw and judged on "
        + $"{test.Count:N0} test questions. No label but those of the draw is used: the penalty of the logistic regression is chosen by "
        + $"3-fold cross-validation inside them, that of the ridge by leaving out each question in turn; with one question of each intent "
        + $"the penalty is fixed. Names too: the name of each intent counts as one more labelled question. "
        + $"Sentences and n-grams: the ridge's scores "
        + $"of n-grams are added to the logarithms of the logistic regression's probabilities, with the weight of 0 to 16 that answers "
        + $"most labelled questions in 3-fold cross-validation. Varied: "
        + $"{options.Augmentation.Copies} copies of each question, each with one change. Tuned: recipe and head chosen on half of the "
        + $"labels of draw 0 after tuning on the other half ({choice.Accuracy}): learning rate {choice.Recipe.LearningRate}, "
        + $"{choice.Recipe.Steps} steps, {choice.Head} on tuned and frozen vectors in a row; then tuned on all labels of each draw and the "
        + $"names. Strangers: {options.UnknownIntents} intents "
        + $"drawn for each draw are unknown; an answer is as sure as its largest score, and the threshold is the one that accepts a share "
        + $"of the known test questions. Languages: {BankQuestions.In("English").Count} "
        + $"questions written for the course.");

    /// <summary>Equal for equal questions, weights and settings. Numbers of labels and of draws only add files.</summary>
    private string Identity() => FeatureSource.Hash(
        Banking77.Train.Digest,
        test.Digest,
        encoder.WeightsDigest,
        encoder.Preprocessing,
        JsonSerializer.Serialize(RunRecord.OptionsFrom(options with { Draws = 2, PerIntent = [options.Tuned], Varied = [] })))[..16];
}
