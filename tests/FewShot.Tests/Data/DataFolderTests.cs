using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class DataFolderTests
{
    [Fact]
    public void Should_UseTheFolder_When_TheVariableNamesOne()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(folder.Root, DataFolder.Locate(folder.Root, AppContext.BaseDirectory));
    }

    [Fact]
    public void Should_SaySo_When_TheVariableNamesNoFolder()
    {
        using var folder = new TemporaryFolder();
        var missing = folder.At("missing");
        var error = Assert.Throws<FewShotException>(() => DataFolder.Locate(missing, AppContext.BaseDirectory));
        Assert.Contains($"FEWSHOT_DATA is '{missing}', but there is no such folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_FindTheNearestDataFolderUpward_When_TheVariableIsNotSet()
    {
        using var folder = new TemporaryFolder();
        folder.Write("course/data/manifest.json", []);
        var start = Directory.CreateDirectory(folder.At("course", "notebooks", "data")).FullName;
        Assert.Equal(folder.At("course", "data"), DataFolder.Locate(null, start));
    }

    [Fact]
    public void Should_LookFromTheProgramsFolderToo_When_TheCurrentOneHasNone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("course/data/manifest.json", []);
        var program = Directory.CreateDirectory(folder.At("course", "bin")).FullName;
        Assert.Equal(folder.At("course", "data"), DataFolder.Locate(null, folder.Root, program));
    }

    [Fact]
    public void Should_SayWhatToDo_When_ThereIsNoDataFolder()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FewShotException>(() => DataFolder.Locate(" ", folder.Root));
        Assert.Contains("set FEWSHOT_DATA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_PreferThePublishedWeights_When_ThereAreSeveral()
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights/resnet18-a.safetensors", []);
        var published = folder.Write("weights/resnet18.tv_in1k.safetensors", []);
        Assert.Equal(published, new DataFolder(folder.Root).FindResNet18Weights());
    }

    [Fact]
    public void Should_TakeTheFirstByName_When_ThePublishedWeightsAreNotThere()
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights/resnet18-b.safetensors", []);
        var first = folder.Write("weights/resnet18-a.safetensors", []);
        folder.Write("weights/resnet18-0.safetensors.part", []);
        folder.Write("weights/mobilenet.safetensors", []);
        Assert.Equal(first, new DataFolder(folder.Root).FindResNet18Weights());
    }

    [Fact]
    public void Should_FindNothing_When_TheFolderIsEmpty()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(new DataFolder(folder.Root).FindCifar10());
        Assert.Null(new DataFolder(folder.Root).FindResNet18Weights());
    }

    [Fact]
    public void Should_SaySo_When_Cifar10IsNotWhole()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cifar-10-batches-bin/test_batch.bin", new byte[10]);
        var error = Assert.Throws<FewShotException>(() => new DataFolder(folder.Root).FindCifar10());
        Assert.Contains("does not hold all six files", error.Message, StringComparison.Ordinal);
    }
}
