using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace FewShot.Runtime;

/// <summary>
/// Whether the largest of libtorch's files are whole. Those for CUDA are too large for one package: they come in fragments, which a build
/// puts together, and a build that was stopped or had no room leaves the first fragment under the name of the whole.
/// </summary>
internal static class LibraryFile
{
    // Of the pinned package for the CPU, which brings no digest beside the file.
    private const string CpuDigest = "0f4b3e14ed8468219fefe110605e741afc6bfbec27cc777a224301edb9f24c41";
    // Of the ELF format: the length of the header and of a section's, and the type of a section that takes no room in the file.
    private const int SectionBytes = 64;
    private const uint WithoutBytes = 8;
    private const string CpuFile = "libtorch_cpu.so";
    private const string Advice = "Delete its package from ~/.nuget/packages, then restore and build again, with several GB free.";
    private static readonly string[] Large = [CpuFile, "libtorch_cuda.so"];
    private static readonly Lazy<IReadOnlyList<DeviceFinding>> Found = new(() =>
    [
        .. Large.Select(name => NativeLoader.Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists))
            .Where(path => path is not null)
            .Select(path => Finding(path!, Path.GetFileName(path) == CpuFile && !HasCuda ? CpuDigest : null)),
    ]);

    /// <summary>Of each large file that lies beside the program; read once in a process.</summary>
    public static IReadOnlyList<DeviceFinding> Findings() => Found.Value is { Count: > 0 } findings
        ? findings
        : [new(false, "Package", $"{string.Join(" and ", Large)} are not beside the program: this system has other files, not checked.")];

    // The CUDA packages hold a libtorch_cpu.so of their own.
    private static bool HasCuda => NativeLoader.Folders().Any(folder => File.Exists(Path.Combine(folder, Large[1])));

    /// <summary>Length by the file's own header; digest by the file beside it, or the one given, where there is one.</summary>
    internal static DeviceFinding Finding(string path, string? knownDigest)
    {
        using var file = File.OpenRead(path);
        var size = string.Create(CultureInfo.InvariantCulture, $"{file.Length:N0} bytes");
        if (LengthByHeader(file) is not { } needed)
            return new(false, "Package", $"{path} ({size}) is no 64-bit ELF library. {Advice}");
        if (file.Length < needed)
        {
            return new(false, "Package", string.Create(
                CultureInfo.InvariantCulture,
                $"{path} has {size} of at least {needed:N0}: it was cut short, or not put together. {Advice}"));
        }

        file.Position = 0;
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        var expected = File.Exists(path + ".sha") ? File.ReadAllText(path + ".sha").Trim().ToLowerInvariant() : knownDigest;
        if (expected is not null && expected != found)
            return new(false, "Package", $"{path} ({size}) has SHA-256 {found}, not {expected}. {Advice}");
        var digest = expected is null ? $"whole by its header; SHA-256 {found} (its package states none)" : "SHA-256 as published";
        return new(true, "Package", $"{Path.GetFileName(path)}: {size}, {digest}");
    }

    /// <summary>Where the last of the sections and their table ends; null where this is no 64-bit ELF file.</summary>
    private static long? LengthByHeader(Stream file)
    {
        Span<byte> header = stackalloc byte[SectionBytes];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || !header[..4].SequenceEqual("\u007fELF"u8) || header[4] != 2)
        {
            return null;
        }

        var table = BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3c..]);
        var end = table + ((ulong)count * SectionBytes);
        if (end < table || end > (ulong)file.Length)
            return (long)Math.Min(Math.Max(end, table), long.MaxValue);
        file.Position = (long)table;
        for (var i = 0; i < count; i++)
        {
            file.ReadExactly(header);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != WithoutBytes)
            {
                end = Math.Max(
                    end, BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]) + BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]));
            }
        }

        return (long)Math.Min(end, long.MaxValue);
    }
}
