using System.Formats.Tar;
using System.IO.Compression;
using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>
/// Unpacks an archive without trusting it: ordinary files and folders only, none outside the target, none twice, no more bytes
/// and entries than were agreed.
/// </summary>
internal static class BoundedArchive
{
    // A tar archive adds at most 1,024 bytes of header and padding to a file; the rest is room for its long names.
    private const int OverheadPerEntry = 4096;

    private const int UnixTypeMask = 0xF000;
    private const int UnixRegular = 0x8000;
    private const int UnixFolder = 0x4000;

    /// <summary>Unpacks into a folder that is there and empty. When it throws, the folder holds a part only: remove it.</summary>
    /// <param name="archive">Read from its present position; seekable for a zip.</param>
    /// <param name="name">What to call the archive in errors.</param>
    /// <param name="kind">Tar with gzip, or zip.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="maximumBytes">The most bytes that all files together may have.</param>
    /// <param name="maximumEntries">The most files and folders.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="FewShotException">The archive is damaged or breaks one of the bounds.</exception>
    public static void Extract(
        Stream archive,
        string name,
        DownloadKind kind,
        string folder,
        long maximumBytes,
        int maximumEntries,
        CancellationToken cancellation)
    {
        var writer = new EntryWriter(name, folder, maximumBytes, maximumEntries, cancellation);
        try
        {
            if (kind == DownloadKind.Zip)
                ExtractZip(archive, writer);
            else
                ExtractTarGz(archive, writer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FewShotException($"{name} is damaged: {e.Message}", e);
        }
    }

    private static void ExtractTarGz(Stream archive, EntryWriter writer)
    {
        using var gzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        // The limit covers the headers too, which the reader keeps in memory.
        using var bounded = new BoundedStream(gzip, writer.BytesLeft + ((long)writer.EntriesLeft * OverheadPerEntry), writer.TooLarge);
        using var tar = new TarReader(bounded);
        while (tar.GetNextEntry() is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    writer.WriteFile(entry.Name, entry.DataStream ?? Stream.Null);
                    break;
                case TarEntryType.Directory:
                    writer.MakeFolder(entry.Name);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw writer.Forbidden(entry.Name, $"is a {entry.EntryType}; only files and folders are unpacked");
            }
        }
    }

    private static void ExtractZip(Stream archive, EntryWriter writer)
    {
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            var unixType = (entry.ExternalAttributes >> 16) & UnixTypeMask;
            if (unixType is not (0 or UnixRegular or UnixFolder))
                throw writer.Forbidden(entry.FullName, "is a link or a device; only files and folders are unpacked");
            if (entry.FullName.EndsWith('/'))
            {
                writer.MakeFolder(entry.FullName);
            }
            else
            {
                using var data = entry.Open();
                writer.WriteFile(entry.FullName, data);
            }
        }
    }

    private sealed class EntryWriter(string archive, string folder, long maximumBytes, int maximumEntries, CancellationToken cancellation)
    {
        private long bytes;
        private int entries;

        public long BytesLeft => maximumBytes - bytes;

        public int EntriesLeft => maximumEntries - entries;

        public void WriteFile(string name, Stream data)
        {
            var path = Place(name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (Path.Exists(path))
                throw Forbidden(name, "is there twice");
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            using var bounded = new BoundedStream(data, BytesLeft, TooLarge);
            bounded.CopyTo(file);
            bytes = maximumBytes - bounded.Left;
        }

        public void MakeFolder(string name)
        {
            // An archive may list its own top folder, "./", for which nothing is to be made.
            if (EntryPath.Plain(name) is "" or ".")
                return;
            Directory.CreateDirectory(Place(name));
        }

        public FewShotException TooLarge() =>
            new(
                $"{archive} unpacks to more than the {maximumBytes:N0} bytes that data/manifest.json allows: " +
                "it is not the file that was meant.");

        public FewShotException Forbidden(string name, string what) => new($"{archive}: entry '{name}' {what}. Nothing was unpacked.");

        private string Place(string name)
        {
            cancellation.ThrowIfCancellationRequested();
            if (++entries > maximumEntries)
            {
                throw new FewShotException(
                    $"{archive} holds more than the {maximumEntries:N0} files and folders that data/manifest.json allows: " +
                    "it is not the file that was meant.");
            }

            var plain = EntryPath.Plain(name);
            return EntryPath.IsInside(plain) ? Path.Combine(folder, plain) : throw Forbidden(name, "does not stay inside the folder");
        }
    }
}
