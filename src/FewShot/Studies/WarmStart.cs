using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>Weights of an earlier training, and what the record of their making says.</summary>
internal sealed class WarmStart
{
    /// <summary>Reads both files at once, because a training may later write its own in their place.</summary>
    /// <param name="path">The weights.</param>
    /// <param name="recordPath">The record; null for the one beside the weights.</param>
    /// <exception cref="FewShotException">Weights or record are missing or damaged, or the record is of other weights.</exception>
    public WarmStart(string path, string? recordPath = null)
    {
        Path = path;
        recordPath ??= System.IO.Path.ChangeExtension(path, ".json");
        if (!File.Exists(path) || !File.Exists(recordPath))
            throw new FewShotException($"To start from {path}, it and the record of its training, {recordPath}, must both be there.");
        Digest = MetaWeights.Digest(path);
        Record = RunRecord.Read(recordPath);
        if (Record.WeightsDigest != Digest)
        {
            throw new FewShotException(
                $"{recordPath} is the record of weights with SHA-256 {Record.WeightsDigest ?? "unknown"}; {path} has {Digest}. "
                + "Take both files from one training.");
        }

        Account = TrainingAccount.Of(Record);
    }

    /// <summary>The file of weights.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of <see cref="Path"/>.</summary>
    public string Digest { get; }

    /// <summary>The record of the training.</summary>
    public RunRecord Record { get; }

    /// <summary>Every training up to these weights.</summary>
    public TrainingAccount Account { get; }
}
