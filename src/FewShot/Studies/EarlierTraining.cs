using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>The weights that a training starts from in place of random ones, and what the record beside them says of their making.</summary>
internal sealed class EarlierTraining
{
    private readonly RunRecord record;

    /// <summary>Reads both now: the training may write its own in their place.</summary>
    /// <param name="path">The weights.</param>
    /// <exception cref="FewShotException">Weights or record are missing or damaged, or the record is of other weights.</exception>
    public EarlierTraining(string path)
    {
        Path = path;
        var recordPath = System.IO.Path.ChangeExtension(path, ".json");
        if (!File.Exists(path) || !File.Exists(recordPath))
            throw new FewShotException($"To start from {path}, it and the record of its training, {recordPath}, must both be there.");
        Digest = MetaWeights.Digest(path);
        record = RunRecord.Read(recordPath);
        if (record.WeightsDigest != Digest)
            throw new FewShotException($"{recordPath} is the record of weights with SHA-256 {record.WeightsDigest ?? "unknown"}; {path} has {Digest}. Take both files from one training.");
    }

    /// <summary>The file of weights.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of <see cref="Path"/>.</summary>
    public string Digest { get; }

    /// <summary>Adds what went before the new training, and before that one, to its figures: "chosen iteration before", "training seconds before".</summary>
    public void AddTo(Dictionary<string, double> results)
    {
        foreach (var figure in new[] { OmniglotStudy.ChosenIteration, OmniglotStudy.TrainingSeconds })
            results[Before(figure)] = record.Results.GetValueOrDefault(figure) + record.Results.GetValueOrDefault(Before(figure));
    }

    /// <summary>The name of a figure of all earlier trainings together.</summary>
    public static string Before(string figure) => figure + " before";
}
