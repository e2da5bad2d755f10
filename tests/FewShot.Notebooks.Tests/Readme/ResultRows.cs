using System.Globalization;
using FewShot.Course;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>What the notebooks end with, as rows of README's tables, each made from its record alone.</summary>
internal sealed class ResultRows(CourseFiles files)
{
    private const string Cifar = "data/records/cifar10-50.json";
    private const int SineStep = 1;

    // The table's order; those trained for longer are not to be compared with the others.
    private static readonly (string Ending, string Name)[] Learners =
    [
        ("maml", "MAML"),
        ("first-order-maml", "first-order MAML"),
        ("anil", "ANIL"),
        ("reptile", "Reptile"),
        ("prototypical-network", "prototypical network"),
        ("maml-long", "MAML, trained for longer"),
        ("prototypical-network-long", "prototypical network, trained for longer"),
    ];

    /// <summary>The table of CIFAR-10 and of the sine waves.</summary>
    public string Results() => MarkdownTable.Of(["", "here", "published"], [.. CifarRows(), SineRow(5), SineRow(10)]);

    /// <summary>The table of the meta-learners on Omniglot.</summary>
    public string Omniglot()
    {
        var rows = Learners.Select(learner => (learner.Name, File: CourseFiles.MetaName($"omniglot-5way-1shot-{learner.Ending}")))
            .Select(learner => (learner.Name, learner.File, Record: files.RecordIfAny(learner.File)))
            .Where(learner => learner.Record is not null).Select(learner => OmniglotRow(learner.Name, learner.File, learner.Record!));
        string[] header = ["Omniglot, 5-way 1-shot", .. Judgement.All.Select(judgement => judgement.Name), "episodes trained on"];
        return MarkdownTable.Of(header, rows);
    }

    // All that README says of the record of `study`.
    private string[][] CifarRows()
    {
        var record = files.Record(Cifar);
        var study = new SubsetStudyResult(record);
        var accuracy = study.OfChosen;
        var recipes = study.Chosen.GroupBy(recipe => recipe)
            .Select(recipe => $"{recipe.Key} ({recipe.Count()} of {study.DrawCount} draws)");
        return
        [[
            string.Create(
                CultureInfo.InvariantCulture,
                $"CIFAR-10, {record.Options["perClass"]} labels of each class, {record.Weights}: {string.Join("; ", recipes)}. "
                + $"Every choice by cross-validation inside the {study.LabelledCount} labels, {record.Options["folds"]} folds; "
                + $"all {accuracy.ImageCount:N0} test images; {accuracy.Count} draws of the labels ([record]({Cifar}))"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"**{100 * accuracy.Mean:0.0} %**: {accuracy.Interval} covers the draw of the labels alone, "
                + $"{accuracy.IntervalWithTestImages} other test images as well; "
                + $"{100 * study.OfChosenWithoutDuplicates.Average(draw => draw.Value):0.0} % "
                + $"without the test images that nearly repeat a labelled one"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * Published.FromScratchWith50Labels.Accuracy:0.0} %: from scratch, the cross-entropy baseline of a benchmark "
                + $"(Brigato and others) on ciFAIR-10, from which duplicates are removed"),
        ]];
    }

    private string[] SineRow(int shot)
    {
        var name = CourseFiles.MetaName(string.Create(CultureInfo.InvariantCulture, $"sinusoid-{shot}shot-maml"));
        var record = files.Record(name);
        var key = $"MAML, MSE after {SineStep} steps";
        var (mean, low, high) = (record.Results[key], record.Results[$"{key}, low"], record.Results[$"{key}, high"]);
        return
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"Sine waves from {shot} points, mean squared error after one step, {record.Results["test tasks"]:N0} waves "
                + $"([record]({name}))"),
            string.Create(CultureInfo.InvariantCulture, $"**{mean:0.00}** [{low:0.00}, {high:0.00}]{Beside(record.Results, key)}"),
            "none by the same protocol",
        ];
    }

    /// <summary>Median and diverged tasks, where the record has them: a mean of errors hides both.</summary>
    private static string Beside(IReadOnlyDictionary<string, double> results, string key) =>
        results.TryGetValue($"{key}, median", out var median) && results.TryGetValue($"{key}, diverged", out var diverged)
            ? string.Create(CultureInfo.InvariantCulture, $"; median {median:0.00}; {diverged:0} diverged")
            : string.Empty;

    private static string[] OmniglotRow(string name, string file, RunRecord record)
    {
        var account = TrainingAccount.Of(record);
        return
        [
            $"{name} ([record]({file}))",
            .. Judgement.All.Select(judgement => OmniglotStudy.Accuracy(record, judgement)?.ToString() ?? "not measured"),
            string.Create(CultureInfo.InvariantCulture, $"{account.EpisodesRun:N0} in {account.Hours:0.0} h"),
        ];
    }
}
