using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class CifarFsTests
{
    private const int RecordBytes = 3074;
    private const int Beaver = 4;

    [Fact]
    public void Should_CarryThePublishedClasses_When_Asked()
    {
        string[][] parts = [[.. CifarFs.TrainClassNames], [.. CifarFs.ValidationClassNames], [.. CifarFs.TestClassNames]];
        Assert.Equal([64, 16, 20], parts.Select(part => part.Length));
        Assert.Equal(100, parts.SelectMany(part => part).Distinct().Count());
        Assert.Contains("beaver", CifarFs.ValidationClassNames);
        Assert.Contains("worm", CifarFs.TestClassNames);
    }

    [Fact]
    public void Should_PutBothFilesTogether_When_TheBinaryVersionIsThere()
    {
        using var folder = new TemporaryFolder();
        WriteBinary(folder);

        using var set = CifarFs.LoadValidation(folder.Root);

        Assert.Equal([9600, 3, 32, 32], set.Images.shape);
        Assert.All(Enumerable.Range(0, 16), label => Assert.Equal(600, set.LabelValues.Count(value => value == label)));
        // Every image carries its class's number in CIFAR-100 in its red corner; the first validation class is number 4.
        Assert.Equal("beaver", set.ClassNames[0]);
        var beavers = set.LabelValues.Index().Where(entry => entry.Item == 0).Select(entry => entry.Index).ToArray();
        Assert.All([beavers[0], beavers[^1]], position => Assert.Equal(Beaver, set.Images[position, 0, 0, 0].item<byte>()));
        // 500 images of the class come from the first file, 100 from the second.
        Assert.Equal(
            [500, 100],
            beavers.CountBy(position => set.Images[position, 1, 0, 0].item<byte>())
                .OrderBy(entry => entry.Key)
                .Select(entry => entry.Value));
    }

    [Fact]
    public void Should_NameTheClass_When_ItHasTooFewImages()
    {
        using var folder = new TemporaryFolder();
        WriteBinary(folder, train => train[(Beaver * RecordBytes) + 1] = 0);
        var error = Assert.Throws<FewShotException>(() => CifarFs.LoadValidation(folder.Root));
        Assert.Contains("class 'beaver' has 599 images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheClass_When_TheFilesAreOfZeros()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train.bin", new byte[50_000 * RecordBytes]);
        folder.Write("test.bin", new byte[10_000 * RecordBytes]);
        var error = Assert.Throws<FewShotException>(() => CifarFs.LoadValidation(folder.Root));
        Assert.Contains("has 0 images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheRecord_When_AClassHasTooManyImages()
    {
        using var folder = new TemporaryFolder();
        WriteBinary(folder, train => train[1] = Beaver);
        var error = Assert.Throws<FewShotException>(() => CifarFs.LoadValidation(folder.Root));
        Assert.Contains("one image more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheRecord_When_ALabelIsOutside()
    {
        using var folder = new TemporaryFolder();
        WriteBinary(folder, train => train[(7 * RecordBytes) + 1] = 100);
        var error = Assert.Throws<FewShotException>(() => CifarFs.LoadTest(folder.Root));
        Assert.Contains("train.bin: record 7 ", error.Message, StringComparison.Ordinal);
        Assert.Contains("label 100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameBothLengths_When_AFileIsCutShort()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train.bin", new byte[1000]);
        var error = Assert.Throws<FewShotException>(() => CifarFs.LoadTrain(folder.Root));
        Assert.Contains("has 1,000 bytes; it must have 153,700,000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFolder_When_NeitherLayoutIsThere()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FewShotException>(() => CifarFs.LoadTrain(folder.Root));
        Assert.StartsWith(folder.Root, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheClass_When_TheTreeLacksIt()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("data"));
        var error = Assert.Throws<FewShotException>(() => CifarFs.LoadTest(folder.Root));
        Assert.Contains($"{folder.At("data", CifarFs.TestClassNames[0])} is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_GiveThePublishedFacts_When_TheRealDataIsThere()
    {
        var root = Environment.GetEnvironmentVariable(DataFolder.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(root), $"Needs CIFAR-FS: set {DataFolder.Variable} to the folder that holds it.");
        var folder = new DataFolder(root!).FindCifarFs();
        Assert.SkipWhen(
            folder is null, $"Needs CIFAR-FS: the folder in {DataFolder.Variable} holds neither cifar-100-binary nor cifar100.");

        using var set = CifarFs.LoadTest(folder!);

        Assert.Equal([12_000, 3, 32, 32], set.Images.shape);
        Assert.Equal(CifarFs.TestClassNames, set.ClassNames);
        // Photographs: bright and dark, no channel far from the middle.
        Assert.All(
            Enumerable.Range(0, 3),
            channel => Assert.InRange(set.Images.select(1, channel).sum().item<long>() / (255.0 * 1024 * 12_000), 0.35, 0.65));
    }

    /// <summary>Records whose fine labels take turns, 0 to 99; red corner: the label; green corner: the file.</summary>
    private static void WriteBinary(TemporaryFolder folder, Action<byte[]>? spoil = null)
    {
        foreach (var (number, count) in new[] { 50_000, 10_000 }.Index())
        {
            var records = new byte[count * RecordBytes];
            for (var i = 0; i < count; i++)
            {
                records[(i * RecordBytes) + 1] = (byte)(i % 100);
                records[(i * RecordBytes) + 2] = (byte)(i % 100);
                records[(i * RecordBytes) + 2 + 1024] = (byte)number;
            }

            if (number == 0)
                spoil?.Invoke(records);
            folder.Write(number == 0 ? "train.bin" : "test.bin", records);
        }
    }
}
