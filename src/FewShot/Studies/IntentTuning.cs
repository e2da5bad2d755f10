using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Text;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>The part of <see cref="IntentStudy"/> that trains the encoder further.</summary>
internal sealed class IntentTuning(SentenceEncoder encoder, IntentStudyOptions options, string kept, IProgress<StepProgress> progress)
{
    /// <summary>The recipe and head that did best on labels held back.</summary>
    /// <param name="Recipe">How the encoder is tuned.</param>
    /// <param name="Head">The name of the head.</param>
    /// <param name="Accuracy">On the labels held back.</param>
    internal sealed record Chosen(SentenceTunerOptions Recipe, string Head, Accuracy Accuracy);

    /// <summary>Tunes on half of the labels with each recipe, and judges each head on the other half.</summary>
    public Chosen Choose(TextSet labelled, CancellationToken cancel)
    {
        var half = labelled.Draw(labelled.Count / labelled.ClassNames.Count / 2, seed: 0);
        var tuned = labelled.Select(half).With(Banking77.Names);
        var held = labelled.Select([.. Enumerable.Range(0, labelled.Count).Select(row => (long)row).Except(half)]);
        var trials = options.Tuning.Index().SelectMany(recipe =>
        {
            var path = Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"recipe-{recipe.Index}.json"));
            if (!File.Exists(path))
            {
                var found = Judge(recipe.Item, tuned, held, IntentMethod.AfterTuning.Select(head => head.Name), cancel);
                new KeptFile(path, "The study goes on, and tries the recipe again the next time.").Write((RunRecord.Capture("recipe") with
                {
                    Results = found.ToDictionary(one => one.Key, one => one.Value.Value),
                }).Write);
            }

            return RunRecord.Read(path).Results.Select(one => new Chosen(
                recipe.Item, one.Key, new Accuracy((long)Math.Round(one.Value * held.Count), held.Count) { Example = "text" }));
        }).ToList();
        return trials.MaxBy(trial => trial.Accuracy.Value)!;
    }

    /// <summary>Tunes on all labels of a draw, and judges on the test questions.</summary>
    public Accuracy Judge(Chosen choice, TextSet labelled, TextSet test, int draw, CancellationToken cancel) =>
        Judge(choice.Recipe with { Seed = draw }, labelled.With(Banking77.Names), test, [choice.Head], cancel)[choice.Head];

    /// <summary>The tuned encoder's vectors and the frozen one's in a row: tuning to few texts also forgets.</summary>
    private FeatureBank BesideFrozen(SentenceEncoder tuned, TextSet texts)
    {
        using var before = FeatureBank.Extract(encoder, texts);
        using var after = FeatureBank.Extract(tuned, texts);
        return FeatureBank.Concatenate(before, after);
    }

    private Dictionary<string, Accuracy> Judge(
        SentenceTunerOptions recipe, TextSet labelled, TextSet asked, IEnumerable<string> heads, CancellationToken cancel)
    {
        using var tuned = SentenceTuner.Tune(encoder, labelled, recipe, progress, cancel);
        using var bank = BesideFrozen(tuned, labelled);
        using var test = BesideFrozen(tuned, asked);
        return heads.ToDictionary(name => name, name =>
        {
            using var head = IntentMethod.AfterTuning.Single(one => one.Name == name).Fit(bank);
            return test.Predict(head).Accuracy;
        });
    }
}
