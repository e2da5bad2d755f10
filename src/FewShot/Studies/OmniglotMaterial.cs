using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>
/// What notebook 04 works on: Omniglot in the Vinyals split with four rotations where it is found or can be downloaded, else generated shapes. Which of the two
/// it is stands in every output that uses it.
/// </summary>
public sealed class OmniglotMaterial : IDisposable
{
    private const int StandInPerClass = 20;

    private OmniglotMaterial(ClassSplit split, string? notice)
    {
        Split = split;
        Notice = notice;
    }

    /// <summary>Training, validation and test classes.</summary>
    public ClassSplit Split { get; }

    /// <summary>Why stand-ins are used, and how to get the real drawings; null where the real ones are used.</summary>
    public string? Notice { get; }

    /// <summary>True where generated images stand in for Omniglot.</summary>
    public bool IsStandIn => Notice is not null;

    /// <summary>One line for the foot of every result: which images, by digest.</summary>
    public string Source => $"{(IsStandIn ? "STAND-IN, not Omniglot: " : string.Empty)}{Split.Test.Name}, SHA-256 {Split.Test.Digest[..8]}";

    /// <summary>Finds, downloads where it must and may, and loads.</summary>
    /// <param name="progress">Told of downloads and reading.</param>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <exception cref="FewShotException">A file is there, but damaged.</exception>
    public static async Task<OmniglotMaterial> OpenAsync(IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var found = await DataFolder.Default.TryOmniglotAsync(progress, cancellation);
        if (found.Path is not null)
        {
            using var all = Omniglot.Load(found.Path, progress);
            return new OmniglotMaterial(Omniglot.Split(all), null);
        }

        var shapes = Shapes.Generate(new ShapesOptions { BasePerClass = StandInPerClass, ValidationPerClass = StandInPerClass, NovelPerClass = StandInPerClass });
        return new OmniglotMaterial(
            new ClassSplit(shapes.Base, shapes.Validation, shapes.Novel),
            $"STAND-IN IMAGES: generated shapes, so no number here is about Omniglot. {found.Sentence}");
    }

    /// <summary>The weights of our own training for these images, with the record of it; null where there are none.</summary>
    /// <param name="options">The study they belong to; its method, ways and shots decide.</param>
    public (string Path, RunRecord Record)? Cached(OmniglotStudyOptions options)
    {
        var name = OmniglotStudy.Name(options);
        return !IsStandIn && MetaWeights.RecordOf(MetaWeights.Folder, name) is { } found ? (MetaWeights.WeightsPath(MetaWeights.Folder, name), found) : null;
    }

    /// <summary>The lines that say what is used.</summary>
    public override string ToString()
    {
        string[] lines = [.. new[] { ("Training:  ", Split.Train), ("Validation:", Split.Validation), ("Test:      ", Split.Test) }
            .Select(part => $"{part.Item1} {part.Item2.Name}: {part.Item2.ClassNames.Count:N0} classes, {part.Item2.Count:N0} images of {part.Item2.Height} x {part.Item2.Width}, SHA-256 {part.Item2.Digest[..16]}...")];
        return string.Join('\n', Notice is null ? lines : lines.Prepend(Notice));
    }

    /// <inheritdoc/>
    public void Dispose() => Split.Dispose();
}
