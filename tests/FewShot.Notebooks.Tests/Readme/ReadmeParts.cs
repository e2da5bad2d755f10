using System.Globalization;
using FewShot.Kernel.Notebooks;
using FewShot.Runtime;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>
/// The parts of README.md that hold figures, made from records, from data/manifest.json and from what notebook 03 stores.
/// </summary>
internal sealed class ReadmeParts(CourseFiles files)
{
    /// <summary>The record of `run notebooks --record`.</summary>
    public const string CourseRun = "course-run";

    private static readonly (string Notebook, string Learnt)[] Taught =
    [
        ("00-setup-check", "what computes here, which images and weights were found, how fast the backbone is"),
        ("01-transfer-learning",
            "why few labels are hard; features from a frozen network; why evaluation mode; "
            + "why features are computed once; a linear head; your own images"),
        ("02-maml",
            "learning a starting point; a common mistake that learns nothing; inner and outer step in full; "
            + "second against first order; sine waves from ten points"),
        ("03-cifar10-subset",
            "a common 32-pixel recipe reproduced and corrected; augmentation; fine-tuning with a validation split; "
            + "intervals, confusion, mistakes; five draws; accuracy against labels"),
        ("04-maml-omniglot",
            "N-way K-shot episodes; Conv4; MAML, first-order MAML, ANIL and Reptile; "
            + "two ways to normalise the questions; a character of your own from one example"),
        ("05-episodes-and-baselines",
            "way, shot and query on photos; nearest centroid in full; why intervals are over episodes; "
            + "scaled features; four heads compared in pairs; which method to use"),
        ("06-metric-learning",
            "prototypical networks; their loss in full; a map of the vectors that moves as the network learns; "
            + "Euclidean against cosine; beside MAML"),
        ("07-evaluating-honestly",
            "one network made to look better by one switch each, and the check that catches it; intervals, comparison, "
            + "balanced and drawn queries, confidence"),
        ("08-your-own-images",
            "a folder of photos to a classifier in your own program; what its confidence is worth; unknown classes refused, "
            + "further ones added; which photos to label next; ONNX"),
        ("09-data-augmentation",
            "nine augmentations in pictures; what each brings with few labels, in pairs; mixed labels; "
            + "a recipe chosen inside the labels; where augmentation hurts"),
        ("10-few-shot-text",
            "sentences to vectors; intents from their names, from a few questions; varied texts; an encoder tuned from pairs; "
            + "strangers; other languages; your own table"),
        ("11-names-as-a-prior",
            "names of classes to visual prototypes by a ridge regression; recognition without any image; names and images mixed; "
            + "what the backbone knew already"),
        ("12-where-next",
            "a rule as a constraint on answers, true and wrong; what a stored prototype gives away, and what noise costs; "
            + "attention over examples; what to read"),
    ];

    private static readonly (string Name, string Work, string Rival)[] Compared =
    [
        ("probe", "10 epochs on features computed once", "the backbone in every epoch"),
        ("features", "ResNet-18 at 128 px, images a second", "PyTorch"),
        ("features-onnx", "the course's backbone, images a second", "ONNX Runtime"),
        ("episodes-centroid", "nearest centroid, 2,000 5-way 1-shot episodes on cached features", "a loop over episodes"),
        ("episodes-logistic", "logistic regression, 1,000 5-way episodes of 1 and 5 shots", "scikit-learn, episode by episode"),
        ("sentences", "BANKING77's test questions to vectors, sentences a second", "the encoder of the package that the weights come from"),
        ("first-answer", "from the start of the Jupyter kernel to the answer of 1+1", ".NET Interactive"),
        ("sinusoid-pytorch", "MAML, 25 tasks, 1 and 5 inner steps", "PyTorch, task by task"),
        ("sinusoid-loop", "the same", "our own loop over tasks"),
        ("omniglot-pytorch", "MAML with Conv4, 32 tasks, 1 and 5 shots", "PyTorch, task by task"),
        ("omniglot-loop", "the same", "our own loop over tasks"),
    ];

    /// <summary>All of them, by the name of their marks in README.md.</summary>
    public IReadOnlyDictionary<string, string> All => new Dictionary<string, string>
    {
        ["picture"] = Picture(),
        ["notebooks"] = Notebooks(),
        ["results"] = new ResultRows(files).Results(),
        ["omniglot"] = new ResultRows(files).Omniglot(),
        ["labels"] = new TableRows(files).Labels(),
        ["episodes"] = new TableRows(files).Episodes(),
        ["augmentations"] = new BeyondPhotoRows(files).Augmentations(),
        ["texts"] = new BeyondPhotoRows(files).Texts(),
        ["names"] = new BeyondPhotoRows(files).Names(),
        ["downloads"] = Downloads(),
        ["benchmarks"] = Benchmarks(),
    };

    /// <summary>The picture of a result, its caption as notebook 03 stores it with the chart.</summary>
    public byte[] PictureBytes => files.StoredChart("03-cifar10-subset", "AccuracyByLabels.Of(").Picture;

    private string Picture()
    {
        // As the kernel says a chart in words: "Chart: title, note (names of the lines)".
        var caption = files.StoredChart("03-cifar10-subset", "AccuracyByLabels.Of(").Words["Chart: ".Length..];
        return "![Accuracy against the number of labelled images of each class](notebooks/images/accuracy-by-labels.png)\n\n"
            + $"*{caption}. From [notebook 03](notebooks/03-cifar10-subset.ipynb).*";
    }

    private string Notebooks()
    {
        var rows = Taught.Select(taught =>
            (IReadOnlyList<string>)[$"[{Title(taught.Notebook)}](notebooks/{taught.Notebook}.ipynb)", taught.Learnt]);
        // Notebooks are changed before they are timed again: while there is no record of their times, the table shows none.
        if (files.RecordIfAny(CourseFiles.RecordName(CourseRun)) is not { } record)
            return MarkdownTable.Of(["notebook", "what you learn"], rows);
        var images = record.UsesStandIn ? "generated images" : "CIFAR-10";
        // A notebook may be newer than the record.
        string Time(string notebook) => record.Results.TryGetValue(notebook, out var seconds) ? WaitingTime.Of(seconds) : "not yet timed";
        var timed = rows.Zip(Taught, (row, taught) => (IReadOnlyList<string>)[.. row, Time(taught.Notebook)]);
        var profile = record.Options["profile"].GetString()!.ToLowerInvariant();
        var link = $"[record]({CourseFiles.RecordName(CourseRun)})";
        return $"{MarkdownTable.Of(["notebook", "what you learn", "time"], timed)}\n\n"
            + $"*Measured on {Machine(record)} ({profile} profile, {images}, {record.Made:yyyy-MM-dd}; {link}). "
            + $"All of them: {WaitingTime.Of(record.Seconds)}. A GPU was not measured.*";
    }

    private string Downloads() => MarkdownTable.Of(
        ["download", "size", "when"],
        files.Downloads().Select(download => (IReadOnlyList<string>)
        [
            download.Title,
            string.Create(CultureInfo.InvariantCulture, $"{Math.Round(download.Bytes / 1e6):0} MB"),
            When(download.Id),
        ]));

    private static string When(string id) => id switch
    {
        "cifar-10" => "by itself, when a notebook first needs it",
        "resnet18.tv_in1k" => "when torchvision's ResNet-18 is asked for",
        "cifar-100" => "by itself, when the notebook on baselines first needs CIFAR-FS",
        _ => "when code of yours asks for it: larger drawings, in place of those in the repository",
    };

    private string Benchmarks()
    {
        var measured = Compared
            .Select(compared => (compared, Record: files.RecordIfAny(CourseFiles.RecordName($"benchmark-{compared.Name}"))))
            .Where(pair => pair.Record is not null)
            .ToList();
        var rows = measured.Select(pair => (IReadOnlyList<string>)
        [
            $"[`{pair.compared.Name}`]({CourseFiles.RecordName($"benchmark-{pair.compared.Name}")}): {pair.compared.Work}",
            pair.compared.Rival,
            string.Join(" and ", pair.Record!.Results.Values.Select(Ratio)),
        ]);
        var machines = measured.Select(pair => Machine(pair.Record!)).Distinct();
        var rivals = measured.Select(pair => pair.Record!.Options["rival"].GetString()!)
            .Where(rival => rival.Any(char.IsDigit))
            .Select(rival => rival.Split(", ")[0])
            .Distinct();
        return $"{MarkdownTable.Of(["benchmark", "rival", "times as fast"], rows)}\n\n"
            + $"*On {string.Join("; ", machines)}; medians of rounds in turns. Rivals: {string.Join("; ", rivals)}.*";
    }

    private static string Ratio(double ratio) => ratio.ToString(ratio < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Machine(RunRecord record) => record.Device == "cuda" ? $"a GPU beside {record.Processor}" : record.Processor;

    /// <summary>"03 · The CIFAR-10 subset": the number, and the heading of the notebook before its colon.</summary>
    private string Title(string notebook)
    {
        var heading = NotebookDocument.Load(files.PathOf($"notebooks/{notebook}.ipynb")).Title;
        return heading.Split(':')[0];
    }
}
