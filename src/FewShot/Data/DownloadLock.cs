using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>
/// A file beside the target that one program holds while it downloads; the others wait for it, and then find what it brought. The system
/// lets go of the file when its program ends, however it ends: one that was left behind keeps nobody waiting.
/// </summary>
internal sealed class DownloadLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream file;

    private DownloadLock(FileStream file) => this.file = file;

    /// <summary>Waits until no other program holds it.</summary>
    /// <param name="title">What is downloaded, for outputs.</param>
    /// <param name="target">The file or folder that it becomes.</param>
    /// <param name="part">Where it comes in: as long as that grows, the other program is at work.</param>
    /// <param name="patience">How long it may stand still.</param>
    /// <param name="progress">Told that somebody else is at work.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="DownloadFailedException">The other program brings nothing.</exception>
    public static async Task<DownloadLock> TakeAsync(
        string title,
        string target,
        string part,
        TimeSpan patience,
        IProgress<StepProgress> progress,
        CancellationToken cancellation)
    {
        var path = target + ".lock";
        var (length, until, vanished) = (-1L, DateTime.UtcNow, 0);
        while (true)
        {
            try
            {
                return new DownloadLock(new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose));
            }
            // Between the refusal and this look the other program may have let go of the file, and it is gone.
            catch (IOException e) when (File.Exists(path) || ++vanished < 10)
            {
                var now = new FileInfo(part) is { Exists: true } info ? info.Length : 0;
                if (now != length)
                    (length, until) = (now, DateTime.UtcNow + patience);
                if (DateTime.UtcNow >= until)
                {
                    throw new DownloadFailedException(
                        $"another program is downloading {title}, and has brought nothing for {patience.TotalSeconds:0.#} s: "
                        + "end it, then try again",
                        inner: e);
                }

                progress.Report(new StepProgress($"download of {title}", length, 0, "another program brings it; waiting"));
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
