using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>What the notebooks end with, as rows of README's tables, each made from its record alone.</summary>
internal sealed class ResultRows(CourseFiles files)
{
    private const string Cifar = "data/records/cifar10-50.json";
    private const int SineStep = 1;

    // The table's order; what else lies there (a longer training) stands below them under the name of its file.
    private static readonly (string Ending, string Name)[] Learners = [("maml", "MAML"), ("first-order-maml", "first-order MAML"), ("anil", "ANIL"), ("reptile", "Reptile")];

    /// <summary>The table of CIFAR-10 and of the sine waves.</summary>
    public string Results() => MarkdownTable.Of(["", "here", "published"], [CifarRow(), SineRow(5), SineRow(10)]);

    /// <summary>The table of the meta-learners on Omniglot.</summary>
    public string Omniglot()
    {
        const string start = "omniglot-5way-1shot-";
        var rows = files.Names("data/meta", start + "*.json").Select(name => (File: name, Ending: Path.GetFileNameWithoutExtension(name)[start.Length..]))
            .Where(file => !file.Ending.Contains(".part", StringComparison.Ordinal))
            .Select(file => (file.File, Place: Array.FindIndex(Learners, learner => learner.Ending == file.Ending), file.Ending))
            .OrderBy(file => file.Place < 0).ThenBy(file => file.Place).ThenBy(file => file.Ending, StringComparer.Ordinal)
            .Select(file => OmniglotRow(file.Place < 0 ? file.Ending : Learners[file.Place].Name, file.File));
        return MarkdownTable.Of(["Omniglot, 5-way 1-shot", .. Judgement.All.Select(judgement => judgement.Name), "episodes trained on"], rows);
    }

    // All that README says of the record of `study`, and all that is to be changed when the record's form changes.
    private string[] CifarRow()
    {
        var study = new SubsetStudyResult(files.Record(Cifar));
        var accuracy = study.Accuracies[study.Chosen];
        var choice = study.ValidationCount > 0
            ? string.Create(CultureInfo.InvariantCulture, $"the recipe chosen on {study.ValidationCount:N0} further labelled images")
            : "every choice made by cross-validation inside the 500 labels";
        var perClass = study.Record.Options["perClass"].GetInt32();
        var both = WithTestImages(accuracy);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"CIFAR-10, {perClass} labels of each class, {study.Chosen} on {study.Record.Weights!.Split(", SHA")[0]}; {choice}; all {accuracy.ImageCount:N0} test images; {accuracy.Count} draws of the labels ([record]({Cifar}))"),
            string.Create(CultureInfo.InvariantCulture, $"**{100 * accuracy.Mean:0.0} %**; {accuracy.Interval} covers the draw of the labels alone, {both} that of the test images as well"),
            string.Create(CultureInfo.InvariantCulture, $"{100 * Published.FromScratchWith50Labels.Accuracy:0.0} %: from scratch, the cross-entropy baseline of a benchmark (Brigato and others) on ciFAIR-10, whose test set is free of duplicates of training images"),
        ];
    }

    // The draws share one test set, so its share of the variance is that of a single proportion; the two are independent and add up.
    private static Interval WithTestImages(DrawSummary accuracy)
    {
        var test = Interval.Wilson((long)Math.Round(accuracy.Mean * accuracy.ImageCount), accuracy.ImageCount).HalfWidth;
        var half = Math.Sqrt((accuracy.Interval.HalfWidth * accuracy.Interval.HalfWidth) + (test * test));
        return new Interval(accuracy.Mean - half, accuracy.Mean + half);
    }

    private string[] SineRow(int shot)
    {
        var name = CourseFiles.MetaName(string.Create(CultureInfo.InvariantCulture, $"sinusoid-{shot}shot-maml"));
        var record = files.Record(name);
        var key = $"MAML, MSE after {SineStep} steps";
        var (mean, low, high) = (record.Results[key], record.Results[$"{key}, low"], record.Results[$"{key}, high"]);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"Sine waves from {shot} points, mean squared error after one step, {record.Results["test tasks"]:N0} waves ([record]({name}))"),
            string.Create(CultureInfo.InvariantCulture, $"**{mean:0.00}** [{low:0.00}, {high:0.00}]{Beside(record.Results, key)}"),
            "none by the same protocol",
        ];
    }

    /// <summary>Median and diverged tasks, where the record has them: a mean of errors hides both.</summary>
    private static string Beside(IReadOnlyDictionary<string, double> results, string key) =>
        results.TryGetValue($"{key}, median", out var median) && results.TryGetValue($"{key}, diverged", out var diverged)
            ? string.Create(CultureInfo.InvariantCulture, $"; median {median:0.00}; {diverged:0} diverged")
            : string.Empty;

    private string[] OmniglotRow(string name, string file)
    {
        var record = files.Record(file);
        return [$"{name} ([record]({file}))", .. Judgement.All.Select(judgement => OmniglotStudy.Accuracy(record, judgement)?.ToString() ?? "not measured"), Training(record)];
    }

    private static string Training(RunRecord record)
    {
        if (!record.Results.ContainsKey("part 1, iterations"))
            return RunRecord.NotRecorded;
        var account = TrainingAccount.Of(record);
        return string.Create(CultureInfo.InvariantCulture, $"{account.EpisodesRun:N0} in {account.Hours:0.0} h");
    }
}
