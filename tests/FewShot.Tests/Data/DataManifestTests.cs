using System.Text;
using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class DataManifestTests
{
    private const string Good =
        """
        {"entries": [{"id": "a", "title": "A", "address": "https://example.org/a", "bytes": 5, "md5": "0123456789abcdef0123456789abcdef",
          "licence": "MIT", "kind": "file", "target": "weights/a"}]}
        """;

    [Fact]
    public void Should_ListWhatTheCourseNeeds_When_CarriedInTheLibrary() =>
        Assert.Equal(
            ["resnet18.tv_in1k", "cifar-10", "cifar-100", "omniglot-background", "omniglot-evaluation"],
            DataManifest.Default.Entries.Select(entry => entry.Id));

    [Fact]
    public void Should_ReadEveryField_When_ItIsGood()
    {
        var entry = Parse(Good)["a"];
        Assert.Equal(5, entry.Bytes);
        Assert.Equal(DownloadKind.File, entry.Kind);
        Assert.Null(entry.Sha256);
    }

    [Fact]
    public void Should_NameWhatItLists_When_AnIdIsUnknown()
    {
        var error = Assert.Throws<FewShotException>(() => DataManifest.Default["cifar"]);
        Assert.Contains("lists no 'cifar'; it lists resnet18.tv_in1k, cifar-10", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"bytes\": 5", "\"bytes\": 0", "bytes")]
    [InlineData("0123456789abcdef0123456789abcdef", "0123", "md5")]
    [InlineData("https://", "http://", "address")]
    [InlineData("weights/a", "../a", "target")]
    [InlineData("weights/a", "/etc/a", "target")]
    [InlineData("\"file\"", "\"zip\"", "extractedBytes")]
    [InlineData("\"md5\": \"0123456789abcdef0123456789abcdef\",", "", "sha256")]
    [InlineData("\"file\"", "\"rar\"", "kind")]
    [InlineData("\"title\": \"A\",", "", "title")]
    [InlineData("\"licence\"", "\"license\"", "license")]
    public void Should_NameTheField_When_ItIsWrong(string good, string bad, string field)
    {
        var error = Assert.Throws<FewShotException>(() => Parse(Good.Replace(good, bad, StringComparison.Ordinal)));
        Assert.StartsWith("data/manifest.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_AskTheChosenHubFirst_When_TheAddressIsHuggingFaces()
    {
        var addresses = DataManifest.Default["resnet18.tv_in1k"].Addresses("https://hub.example.org/");
        Assert.StartsWith("https://hub.example.org/timm/resnet18.tv_in1k/resolve/", addresses[0].AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal("huggingface.co", addresses[1].Host);
    }

    [Fact]
    public void Should_AskThePublisher_When_TheAddressIsNotHuggingFaces() =>
        Assert.Equal("www.cs.toronto.edu", Assert.Single(DataManifest.Default["cifar-10"].Addresses("https://hub.example.org")).Host);

    private static DataManifest Parse(string json) => DataManifest.Parse(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
