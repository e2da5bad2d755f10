using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FewShot.Runtime;

/// <summary>
/// TorchSharp 0.107's Linux library asks for the version GLIBCXX_3.4.32 of libstdc++ (GCC 13) for one symbol that no relocation
/// uses, and so does not load on Debian 12, Ubuntu 22.04 or RHEL 9. Marked weak, that need is skipped by the dynamic loader and
/// everything works. The published file is never changed: a weakened copy is kept in the user's cache folder.
/// </summary>
internal static class ElfVersions
{
    private const string Version = "GLIBCXX_3.4.32";
    private const uint VersionHash = 0x0297f842; // The ELF hash of the name above, as the record stores it.
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed.
    private const ushort Weak = 2; // VER_FLG_WEAK.
    private const int RecordBytes = 16; // The length of a Verneed record, and of a Vernaux record.

    /// <summary>Whether the loader's message is the one that a weakened copy cures.</summary>
    public static bool NeedsNewerLibstdcxx(string loaderMessage) => loaderMessage.Contains(Version, StringComparison.Ordinal);

    /// <summary>The path of a copy whose need is weak, made on the first call for this content.</summary>
    /// <exception cref="FewShotException">The file is not a 64-bit ELF library with that need, or the copy cannot be written.</exception>
    public static string Weakened(string path) => Weakened(path, Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
        ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"));

    /// <inheritdoc cref="Weakened(string)"/>
    internal static string Weakened(string path, string cache)
    {
        var bytes = File.ReadAllBytes(path);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        Weaken(bytes, path);
        var copy = Path.Combine(cache, "fewshot", "native", digest, Path.GetFileName(path));
        try
        {
            // Compared, not trusted: a cache file that was cut short or changed is written again.
            if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes))
                AtomicFile.Write(copy, stream => stream.Write(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FewShotException)
        {
            copy = OfThisProcess(path, bytes);
            Warnings.Say(
                $"Warning: {(e is FewShotException ? e.Message : $"{cache}: {e.Message}")} Until then each process makes its own copy of "
                + $"{Path.GetFileName(path)}, which asks for a newer libstdc++ than this system's. XDG_CACHE_HOME names another folder.");
        }

        return copy;
    }

    /// <summary>A copy in a folder that only this user can read or write, gone when the process ends.</summary>
    private static string OfThisProcess(string path, byte[] bytes)
    {
        try
        {
            var folder = Directory.CreateTempSubdirectory("fewshot-native-").FullName;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
            var copy = Path.Combine(folder, Path.GetFileName(path));
            File.WriteAllBytes(copy, bytes);
            return copy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException(
                $"This system's libstdc++ is older than {Path.GetFileName(path)} asks for, and a copy that does without can be written "
                + $"neither to the cache folder nor to {Path.GetTempPath()}: {e.Message} "
                + "Make room, or set XDG_CACHE_HOME to a folder that can be written.",
                e);
        }
    }

    /// <summary>Sets the weak flag in every matching record of the version-need section.</summary>
    /// <exception cref="FewShotException">The file is no such library, or damaged; it may be half changed then
    /// and must not be used.</exception>
    internal static void Weaken(Span<byte> elf, string name)
    {
        if (elf.Length < 64 || !elf[..4].SequenceEqual("\u007fELF"u8) || elf[4] != 2 || elf[5] != 1)
            throw new FewShotException($"{name} is not a 64-bit little-endian ELF library.");
        var changed = 0;
        try
        {
            changed = WeakenSection(Find(elf));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new FewShotException(
                $"{name} is not a whole ELF library: a section lies outside the file, or a record outside its section.",
                e);
        }

        if (changed == 0)
            throw new FewShotException($"{name} has no need of {Version} to weaken.");
    }

    /// <summary>The version-need section, of which a library has at most one; empty where there is none.</summary>
    private static Span<byte> Find(Span<byte> elf)
    {
        var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3a..]), count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]);
        for (var i = 0; i < count; i++)
        {
            var header = elf.Slice(checked(sections + (i * size)), 64);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != VersionNeedSection)
                continue;
            var offset = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]));
            return elf.Slice(offset, checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..])));
        }

        return [];
    }

    /// <summary>Walks the chain of Verneed records (a library each) and their Vernaux records (a version each).</summary>
    private static int WeakenSection(Span<byte> section)
    {
        var changed = 0;
        // Whole records do not overlap: a chain that needs more steps than there is room for goes in circles.
        var steps = section.Length / RecordBytes;
        for (var need = 0; section.Length > 0;)
        {
            var record = section.Slice(need, RecordBytes);
            ArgumentOutOfRangeException.ThrowIfNegative(--steps);
            int versions = BinaryPrimitives.ReadUInt16LittleEndian(record[2..]);
            var aux = checked(need + (int)BinaryPrimitives.ReadUInt32LittleEndian(record[8..]));
            for (var i = 0; i < versions; i++)
            {
                var entry = section.Slice(aux, RecordBytes);
                ArgumentOutOfRangeException.ThrowIfNegative(--steps);
                if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == VersionHash)
                {
                    var flags = entry[4..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    changed++;
                }

                aux = checked(aux + (int)BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
            }

            var next = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(record[12..]));
            if (next == 0)
                break;
            need = checked(need + next);
        }

        return changed;
    }
}
