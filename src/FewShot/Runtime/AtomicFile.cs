namespace FewShot.Runtime;

/// <summary>Writes a file beside its place and renames it, so that no reader ever takes a partial file for a whole one.</summary>
public static class AtomicFile
{
    /// <summary>Writes through a temporary neighbour, flushed to the disk, that replaces <paramref name="path"/> at the end.</summary>
    /// <param name="path">The file to make or replace; its folder is made where missing.</param>
    /// <param name="write">Writes the whole content; when it throws, what stood at <paramref name="path"/> stays.</param>
    /// <exception cref="FewShotException">The file cannot be written: a folder that is read-only or no folder, a full disk.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException(
                $"{path} cannot be written: {e.Message.TrimEnd('.')}. Make room, make the folder writable, or give another place.", e);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a mark.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) =>
        Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
        });

    /// <summary>Whether this is the error of <see cref="Write"/>: nothing is wrong but the place.</summary>
    internal static bool CouldNotWrite(FewShotException error) => error.InnerException is IOException or UnauthorizedAccessException;
}
