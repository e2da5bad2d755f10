using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class Cifar10Tests
{
    private const int RecordBytes = 3073;

    [Fact]
    public void Should_ReadPlanesRowByRow_When_TheFileIsWhole()
    {
        using var folder = new TemporaryFolder();
        var records = new byte[10_000 * RecordBytes];
        for (var i = 0; i < 10; i++)
            records[i * RecordBytes] = (byte)i;
        // The last record: label 7; red at row 0, column 31; blue at row 2, column 5.
        var last = records.AsSpan(9_999 * RecordBytes);
        last[0] = 7;
        last[1 + 31] = 200;
        last[1 + 2048 + (2 * 32) + 5] = 99;
        folder.Write("test_batch.bin", records);

        using var set = Cifar10.LoadTest(folder.Root);

        Assert.Equal([10_000, 3, 32, 32], set.Images.shape);
        Assert.Equal(7, set.LabelValues[9_999]);
        Assert.Equal(200, set.Images[9_999, 0, 0, 31].item<byte>());
        Assert.Equal(99, set.Images[9_999, 2, 2, 5].item<byte>());
        Assert.Equal(299, set.Images.sum().item<long>());
    }

    [Fact]
    public void Should_NameFileAndClass_When_TheFileIsOfZeros()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("test_batch.bin", new byte[10_000 * RecordBytes]);
        var error = Assert.Throws<FewShotException>(() => Cifar10.LoadTest(folder.Root));
        Assert.StartsWith($"{path}: none of its 10,000 records is of the class 'automobile'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameFileRecordAndValue_When_ALabelIsTen()
    {
        using var folder = new TemporaryFolder();
        var records = new byte[10_000 * RecordBytes];
        records[1234 * RecordBytes] = 10;
        var path = folder.Write("test_batch.bin", records);

        var error = Assert.Throws<FewShotException>(() => Cifar10.LoadTest(folder.Root));

        Assert.Contains($"{path}: record 1234 ", error.Message, StringComparison.Ordinal);
        Assert.Contains("label 10", error.Message, StringComparison.Ordinal);
        Assert.Contains("download CIFAR-10 again", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    [InlineData(30_729_999)]
    [InlineData(30_730_001)]
    public void Should_NameFileAndBothLengths_When_TheLengthIsWrong(int length)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("test_batch.bin", new byte[length]);

        var error = Assert.Throws<FewShotException>(() => Cifar10.LoadTest(folder.Root));

        Assert.StartsWith($"{path} has {length:N0} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("must have 30,730,000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsMissing()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FewShotException>(() => Cifar10.LoadTrain(folder.Root));
        Assert.Contains("data_batch_1.bin is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_GiveThePublishedFacts_When_TheRealDataIsThere()
    {
        var root = Environment.GetEnvironmentVariable(DataFolder.Variable);
        Assert.SkipWhen(
            string.IsNullOrEmpty(root),
            $"Needs CIFAR-10: set {DataFolder.Variable} to the folder that holds cifar-10-batches-bin.");
        var folder = new DataFolder(root!).FindCifar10();
        Assert.SkipWhen(folder is null, $"Needs CIFAR-10: the folder in {DataFolder.Variable} holds no cifar-10-batches-bin.");

        using var train = Cifar10.LoadTrain(folder!);
        using var test = Cifar10.LoadTest(folder!);

        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(5_000, train.LabelValues.Count(value => value == label)));
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(1_000, test.LabelValues.Count(value => value == label)));
        // As every public loader shows them: frog, truck, truck, deer, automobile; cat, ship, ship, airplane, frog.
        Assert.Equal([6, 9, 9, 4, 1], train.LabelValues.Take(5));
        Assert.Equal([3, 8, 8, 0, 6], test.LabelValues.Take(5));
        // The publisher's first image: (59, 62, 63) in its upper left corner.
        Assert.Equal([59, 62, 63], Enumerable.Range(0, 3).Select(channel => train.Images[0, channel, 0, 0].item<byte>()));
        // Published channel means over the training set, of pixels scaled to 0..1: 0.4914, 0.4822, 0.4465.
        double[] means = [0.4914, 0.4822, 0.4465];
        for (var channel = 0; channel < 3; channel++)
            Assert.Equal(means[channel], train.Images.select(1, channel).sum().item<long>() / (255.0 * 1024 * 50_000), 4);
    }
}
