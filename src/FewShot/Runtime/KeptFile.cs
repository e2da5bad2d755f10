namespace FewShot.Runtime;

/// <summary>
/// A file that only spares work later: a cache, a checkpoint. Where it cannot be written the work goes on and its result counts; one
/// warning says so.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="consequence">What the reader loses, as a sentence.</param>
internal sealed class KeptFile(string path, string consequence)
{
    private bool warned;

    /// <summary>Writes it, or warns where that fails and nothing was said yet: a disk that is full now may have room later.</summary>
    /// <param name="write">Writes the whole file, by <see cref="AtomicFile"/>.</param>
    public void Write(Action<string> write)
    {
        try
        {
            write(path);
        }
        catch (FewShotException e) when (AtomicFile.CouldNotWrite(e))
        {
            if (!warned)
                Warnings.Say($"Warning: {e.Message} {consequence}");
            warned = true;
        }
    }
}
