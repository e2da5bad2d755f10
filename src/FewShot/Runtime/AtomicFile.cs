namespace FewShot.Runtime;

/// <summary>Writes a file beside its place and renames it, so that no reader ever takes a partial file for a whole one.</summary>
public static class AtomicFile
{
    /// <summary>Writes through a temporary neighbour, flushed to the disk, that replaces <paramref name="path"/> at the end.</summary>
    /// <param name="path">The file to make or replace; its folder is made where missing.</param>
    /// <param name="write">Writes the whole content; when it throws, what stood at <paramref name="path"/> stays.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
        });
}
