using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Course;

/// <summary>
/// What notebook 04 works on: Omniglot in the Vinyals split, each character turned four ways. The drawings are those in the data
/// folder, where there are any, else those that come with the course.
/// </summary>
public sealed class OmniglotMaterial : IDisposable
{
    private OmniglotMaterial(ClassSplit split) => Split = split;

    /// <summary>Training, validation and test classes.</summary>
    public ClassSplit Split { get; }

    /// <summary>Loads the drawings of the repository, or the larger ones of the data folder where they are there.</summary>
    /// <param name="progress">Told of reading.</param>
    /// <exception cref="FewShotException">A file of the data folder is damaged.</exception>
    public static OmniglotMaterial Open(IProgress<StepProgress>? progress = null)
    {
        using var all = DataFolder.Default.FindOmniglot() is { } folder ? Omniglot.Load(folder, progress) : Omniglot.LoadCarried();
        return new OmniglotMaterial(Omniglot.Split(all));
    }

    /// <summary>The lines that say what is used, with digests.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            new[] { ("Training:  ", Split.Train), ("Validation:", Split.Validation), ("Test:      ", Split.Test) }.Select(part =>
                $"{part.Item1} {part.Item2.ClassNames.Count:N0} classes, {part.Item2.Count:N0} images of " +
                $"{part.Item2.Height} x {part.Item2.Width}, SHA-256 {part.Item2.Digest[..8]}"));

    /// <inheritdoc/>
    public void Dispose() => Split.Dispose();
}
