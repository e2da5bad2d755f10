using System.Globalization;
using FewShot.Evaluation;
using FewShot.Studies;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>What varied images, sentences and names of classes bring, made from the records of the command <c>table</c>.</summary>
internal sealed class BeyondPhotoRows(CourseFiles files)
{
    private const string AugmentationRecord = "data/records/cifar10-augmentations.json";
    private const string TextRecord = "data/records/banking77.json";
    private const string NamesRecord = "data/records/cifar-fs-names.json";

    /// <summary>Each augmentation's gain over none, on features of varied views.</summary>
    public string Augmentations()
    {
        var study = new AugmentationResult(files.Record(AugmentationRecord));
        var recipes = AugmentationRecipe.All.Select(recipe => recipe.Name).Append(AugmentationResult.Chosen)
            .Where(name => study.PerClass.Any(count => study.Holds(AugmentationResult.Features, name, count)));
        var rows = recipes.Select(name => (IReadOnlyList<string>)
        [
            name,
            .. study.PerClass.Select(count =>
                name == AugmentationRecipe.None.Name || !study.Holds(AugmentationResult.Features, name, count)
                    ? string.Empty
                    : Points(study.Gain(AugmentationResult.Features, name, count))),
        ]);
        string[] header = ["augmentation", .. study.PerClass.Select(count => $"{count} labels of each class")];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{MarkdownTable.Of(header, rows.Where(row => row.Skip(1).Any(cell => cell.Length > 0)))}\n\n"
            + $"*CIFAR-10, points of accuracy against none, paired over {study.DrawCount} draws of the labels with a 95 % interval over "
            + $"them; {study.Record.Weights}, frozen; all test images ([record]({AugmentationRecord})).*");
    }

    /// <summary>Intents from few questions.</summary>
    public string Texts()
    {
        var study = new IntentStudyResult(files.Record(TextRecord));
        string[] methods =
        [
            "n-grams, ridge", "nearest centroid", "logistic regression", "logistic regression, names too",
            "sentences and n-grams, names too", "tuned encoder",
        ];
        var rows = methods.Select(method => (IReadOnlyList<string>)
        [
            method,
            .. study.PerIntent.Select(count => study.Accuracy(method, count) is { } accuracy ? PlusMinus(accuracy) : string.Empty),
        ]);
        string[] header = ["questions of each intent", .. study.PerIntent.Select(count => $"{count}")];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{MarkdownTable.Of(header, rows)}\n\n"
            + $"*BANKING77, 77 intents, accuracy in %, {study.Record.Weights}; mean of five draws of the questions, all "
            + $"{study.QuestionCount:N0} test questions, 95 % interval over draws; settings chosen inside the labels. From the names of "
            + $"the intents alone: {100 * study.Names.Value:0.0} % {study.Names.Interval} ([record]({TextRecord})).*");
    }

    /// <summary>Names of classes beside images of them.</summary>
    public string Names()
    {
        var record = files.Record(NamesRecord);
        var options = new NamesOptions();
        string Of(string method, int shot, int way)
        {
            var (mean, interval) = NamesStudy.Accuracy(record, method, shot, way);
            return string.Create(CultureInfo.InvariantCulture, $"{100 * mean:0.0} ± {100 * interval.HalfWidth:0.0}");
        }

        var rows = options.Ways.SelectMany(way => options.Shots.Prepend(0).Select(shot => (IReadOnlyList<string>)
        [
            string.Create(CultureInfo.InvariantCulture, $"{way}-way {shot}-shot"),
            .. shot == 0
                ? [Of(NamesStudy.Names, shot, way), string.Empty, string.Empty, string.Empty]
                : new[]
                {
                    string.Empty,
                    Of(NamesStudy.Images, shot, way),
                    Of(NamesStudy.Both, shot, way),
                    Points(NamesStudy.Gain(record, shot, way)),
                },
        ]));
        string[] header = ["episodes", NamesStudy.Names, NamesStudy.Images, NamesStudy.Both, "points that the names bring"];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{MarkdownTable.Of(header, rows)}\n\n"
            + $"*CIFAR-FS test classes, accuracy in %, {record.Options["testEpisodes"].GetInt32():N0} frozen episodes with a 95 % interval "
            + $"over them, paired; {record.Weights}, frozen, trained on ImageNet, which has many of these classes. All settings chosen on "
            + $"the validation classes ([record]({NamesRecord})).*");
    }

    private static string PlusMinus(DrawSummary accuracy) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * accuracy.Mean:0.0} ± {100 * accuracy.Interval.HalfWidth:0.0}");

    private static string Points(PairedDraws gain) => Points((gain.Mean, gain.Interval));

    private static string Points((double Mean, Interval Interval) gain) => string.Create(
        CultureInfo.InvariantCulture,
        $"{100 * gain.Mean:+0.0;-0.0;0.0} [{100 * gain.Interval.Low:0.0}, {100 * gain.Interval.High:0.0}]");
}
