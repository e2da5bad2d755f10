using System.Buffers.Binary;
using FewShot.Runtime;
using FewShot.Tests.Data;

namespace FewShot.Tests.Runtime;

public sealed class ElfVersionsTests : IDisposable
{
    // The example: a header, then two needed libraries with two versions and one, then two section headers.
    private const int Section = 64, FirstNeed = Section, FirstAux = Section + 16, SecondAux = Section + 32, SecondNeed = Section + 48,
        ThirdAux = Section + 64;
    private const int SectionBytes = 80, Headers = Section + SectionBytes, VersionHeader = Headers + 64;
    private const uint Wanted = 0x0297f842;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_ChangeTheFlagOfTheVersionAlone_When_TheLibraryNeedsIt()
    {
        var (before, after) = (Library(), Library());
        ElfVersions.Weaken(after, "example.so");
        Assert.Equal([SecondAux + 4], Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]));
        Assert.Equal(2, after[SecondAux + 4]);
    }

    [Fact]
    public void Should_KeepOtherFlags_When_Weakening()
    {
        var elf = Library();
        elf[SecondAux + 4] = 1;
        ElfVersions.Weaken(elf, "example.so");
        Assert.Equal(3, elf[SecondAux + 4]);
    }

    [Fact]
    public void Should_ChangeOneByte_When_TheLibraryIsThePublishedOne()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The Linux library is patched on Linux only.");
        var path = Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();
        var (before, after) = (File.ReadAllBytes(path), File.ReadAllBytes(path));
        ElfVersions.Weaken(after, path);
        var changed = Assert.Single(Enumerable.Range(0, before.Length), i => before[i] != after[i]);
        Assert.Equal(before[changed] | 2, after[changed]);
    }

    [Fact]
    public void Should_Refuse_When_TheFileEndsAnywhereEarlier()
    {
        var whole = Library();
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<FewShotException>(() => ElfVersions.Weaken(whole.AsSpan(0, length).ToArray(), "short.so"));
    }

    public static TheoryData<string, int, byte[]> Damages => new()
    {
        { "not ELF", 1, [0] },
        { "32 bits", 4, [1] },
        { "big endian", 5, [2] },
        { "section headers beyond the end", 0x28, Bytes(1L << 40) },
        { "section headers at a negative offset", 0x28, Bytes(-1L) },
        { "section headers that do not fit an int", 0x28, Bytes((long)int.MaxValue) },
        { "no section headers", 0x3c, [0, 0] },
        { "a section beyond the end", VersionHeader + 0x18, Bytes(1L << 30) },
        { "a section of endless length", VersionHeader + 0x20, Bytes(long.MaxValue) },
        { "a section longer than the file", VersionHeader + 0x20, Bytes(4096L) },
        { "an empty section", VersionHeader + 0x20, Bytes(0L) },
        { "a section cut inside a record", VersionHeader + 0x20, Bytes(20L) },
        { "a version beyond the section", FirstNeed + 8, Bytes(1 << 20) },
        { "a version at a negative offset", FirstNeed + 8, Bytes(-16) },
        { "a next version beyond the section", FirstAux + 12, Bytes(int.MaxValue) },
        { "a next version that wraps round", FirstAux + 12, Bytes(-16) },
        { "a next library beyond the section", FirstNeed + 12, Bytes(int.MaxValue) },
        { "a next library that wraps round", FirstNeed + 12, Bytes(-48) },
        { "more versions than the chain holds", FirstNeed + 2, [0xff, 0xff] },
        { "another version", SecondAux, [0] },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Should_RefuseAndNameTheFile_When_TheFileIsDamaged(string what, int at, byte[] bytes)
    {
        var elf = Library();
        bytes.CopyTo(elf, at);
        var path = folder.Write("damaged.so", elf);
        var error = Assert.Throws<FewShotException>(() => ElfVersions.Weakened(path, folder.At("cache")));
        Assert.True(error.Message.Contains(path, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.False(Directory.Exists(folder.At("cache")), what);
        Assert.Equal(elf, File.ReadAllBytes(path));
    }

    [Fact]
    public void Should_End_When_TheVersionsPointAtThemselves()
    {
        var elf = Library();
        Bytes(0).CopyTo(elf, FirstAux + 12);
        new byte[] { 0xff, 0xff }.CopyTo(elf, FirstNeed + 2);
        Assert.Throws<FewShotException>(() => ElfVersions.Weaken(elf, "loop.so"));
    }

    [Fact]
    public void Should_Refuse_When_MoreSectionHeadersAreSaidThanTheFileHolds()
    {
        var elf = Library();
        new byte[] { 0xff, 0xff }.CopyTo(elf, 0x3c);
        elf[VersionHeader + 4] = 0;
        Assert.Throws<FewShotException>(() => ElfVersions.Weaken(elf, "many.so"));
    }

    [Fact]
    public void Should_End_When_ALargeSectionIsMadeOfOverlappingRecords()
    {
        // Every byte begins a record of 65,535 versions: followed to the end, this would take days.
        var section = new byte[1 << 22];
        for (var i = 0; i + 16 <= section.Length; i += 16)
        {
            section[i + 2] = section[i + 3] = 0xff;
            section[i + 12] = 16;
        }

        Assert.Throws<FewShotException>(() => ElfVersions.Weaken(Library(section), "overlap.so"));
    }

    [Fact]
    public void Should_NeitherHangNorCrash_When_BytesAreChangedAtRandom()
    {
        var random = new Random(5);
        for (var turn = 0; turn < 20_000; turn++)
        {
            var elf = Library();
            for (var change = random.Next(1, 6); change > 0; change--)
                elf[random.Next(elf.Length)] = (byte)random.Next(256);
            try
            {
                ElfVersions.Weaken(elf, "random.so");
            }
            catch (FewShotException)
            {
                // This is the only exception that damaged bytes may cause.
            }
        }
    }

    [Fact]
    public void Should_KeepOneWholeCopy_When_AskedTwice()
    {
        var path = folder.Write("example.so", Library());
        var first = ElfVersions.Weakened(path, folder.At("cache"));
        var expected = Library();
        ElfVersions.Weaken(expected, path);
        Assert.Equal(expected, File.ReadAllBytes(first));
        Assert.Equal(first, ElfVersions.Weakened(path, folder.At("cache")));
        Assert.Single(Directory.GetFiles(folder.At("cache"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Should_WriteTheCopyAgain_When_ItWasCutShort()
    {
        var path = folder.Write("example.so", Library());
        var copy = ElfVersions.Weakened(path, folder.At("cache"));
        var whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, whole[..100]);
        ElfVersions.Weakened(path, folder.At("cache"));
        Assert.Equal(whole, File.ReadAllBytes(copy));
    }

    [Fact]
    public void Should_UseACopyOfThisProcess_When_TheCacheCannotBeWritten()
    {
        using var heard = new HeardWarnings();
        var path = folder.Write("example.so", Library());
        var copy = ElfVersions.Weakened(path, heard.BlockedFolder);
        var expected = Library();
        ElfVersions.Weaken(expected, path);
        Assert.Equal(expected, File.ReadAllBytes(copy));
        Assert.Contains("XDG_CACHE_HOME", Assert.Single(heard.Lines), StringComparison.Ordinal);
    }

    private static byte[] Bytes(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(int value) => Bytes((long)value)[..4];

    private static byte[] Library()
    {
        var section = new byte[SectionBytes];
        Need(section.AsSpan(FirstNeed - Section), versions: 2, next: SecondNeed - FirstNeed);
        Version(section.AsSpan(FirstAux - Section), 0x08922974, next: 16);
        Version(section.AsSpan(SecondAux - Section), Wanted, next: 0);
        Need(section.AsSpan(SecondNeed - Section), versions: 1, next: 0);
        Version(section.AsSpan(ThirdAux - Section), 0x09691a75, next: 0);
        return Library(section);
    }

    private static byte[] Library(byte[] section)
    {
        var elf = new byte[Section + section.Length + 128];
        byte[] start = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        start.CopyTo(elf, 0);
        BinaryPrimitives.WriteInt64LittleEndian(elf.AsSpan(0x28), Section + section.Length);
        BinaryPrimitives.WriteInt16LittleEndian(elf.AsSpan(0x3a), 64);
        BinaryPrimitives.WriteInt16LittleEndian(elf.AsSpan(0x3c), 2);
        section.CopyTo(elf, Section);
        var header = elf.AsSpan(Section + section.Length + 64);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 0x6ffffffe);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x18..], Section);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x20..], section.Length);
        return elf;
    }

    private static void Need(Span<byte> record, short versions, int next)
    {
        BinaryPrimitives.WriteInt16LittleEndian(record, 1);
        BinaryPrimitives.WriteInt16LittleEndian(record[2..], versions);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], 16);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], next);
    }

    private static void Version(Span<byte> record, uint hash, int next)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, hash);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], next);
    }
}
