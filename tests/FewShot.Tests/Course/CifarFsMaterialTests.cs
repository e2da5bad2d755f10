using FewShot.Course;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.Tests.Data;

namespace FewShot.Tests.Course;

public sealed class CifarFsMaterialTests : IDisposable
{
    private static readonly DownloadOptions Offline = new() { Offline = true };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Should_StandInAndSaySoEverywhere_When_NothingIsFoundAndNothingMayBeDownloaded()
    {
        using var material = await OpenAsync(perClass: 2);
        Assert.True(material.IsStandIn);
        Assert.True(material.Validation.IsStandIn && material.Test.IsStandIn);
        Assert.StartsWith("STAND-IN IMAGES", material.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("STAND-IN", material.Source, StringComparison.Ordinal);
        Assert.Contains("FEWSHOT_OFFLINE", material.Notice, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task Should_KeepTheClassesApartAndAsManyAsThoseOfCifarFs_When_ShapesStandIn()
    {
        using var material = await OpenAsync(perClass: 2);
        Assert.Equal(CifarFs.ValidationClassNames.Count, material.Validation.ClassNames.Count);
        Assert.Equal(CifarFs.TestClassNames.Count, material.Test.ClassNames.Count);
        Assert.Empty(material.Validation.ClassNames.Intersect(material.Test.ClassNames));
        Assert.Equal(2 * CifarFs.TestClassNames.Count, material.Test.Count);
        Assert.All(material.Test.LabelValues.CountBy(label => label), entry => Assert.Equal(2, entry.Value));
    }

    [Fact]
    public async Task Should_NameDigestsOfImagesAndWeightsOnce_When_Printed()
    {
        using var material = await OpenAsync(perClass: 1);
        Assert.All([material.Validation.Digest, material.Test.Digest, material.Backbone.WeightsDigest], digest =>
        {
            Assert.Contains(digest[..8], material.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(digest[..8], material.Source, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Should_OpenTrainingClassesOnlyWhenAsked_When_ShapesStandIn()
    {
        using var material = await CifarFsMaterial.OpenAsync(
            1,
            CourseBackbone.ImageNet20,
            new DataFolder(folder.Root, Offline),
            cancellation: TestContext.Current.CancellationToken,
            trainingPerClass: 2);
        Assert.Equal(2 * material.Training.ClassNames.Count, material.Training.Count);
        Assert.Empty(material.Training.ClassNames.Intersect([.. material.Validation.ClassNames, .. material.Test.ClassNames]));
        Assert.Contains(material.Training.Digest[..8], material.ToString(), StringComparison.Ordinal);
        using var without = await OpenAsync(perClass: 1);
        Assert.Contains("trainingPerClass", Assert.Throws<FewShotException>(() => without.Training).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_NameTheFolder_When_CifarFsIsNotWhole()
    {
        folder.Write("cifar100/readme.txt", [1, 2, 3]);
        var error = await Assert.ThrowsAsync<FewShotException>(() => OpenAsync(perClass: 1));
        Assert.Contains("cifar100", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(601)]
    public async Task Should_NameTheRange_When_TheNumberOfImagesIsOutOfIt(int perClass)
    {
        var error = await Assert.ThrowsAsync<FewShotException>(() => OpenAsync(perClass));
        Assert.Contains("600", error.Message, StringComparison.Ordinal);
    }

    private Task<CifarFsMaterial> OpenAsync(int perClass) => CifarFsMaterial.OpenAsync(
        perClass,
        CourseBackbone.ImageNet20,
        new DataFolder(folder.Root, Offline),
        cancellation: TestContext.Current.CancellationToken);
}
