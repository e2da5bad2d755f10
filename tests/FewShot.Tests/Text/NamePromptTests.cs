using FewShot.Runtime;
using FewShot.Text;
using TorchSharp;

namespace FewShot.Tests.Text;

public sealed class NamePromptTests
{
    [Fact]
    public void Should_PutTheNameWithSpacesIntoEverySentence_When_ItHasUnderscores() => Assert.Equal(
        ["a photo of a pickup truck."], NamePrompt.Photo.Sentences("pickup_truck"));

    [Fact]
    public void Should_AverageTheSentencesOfEachClass_When_ThereAreSeveral()
    {
        using var scope = torch.NewDisposeScope();
        var encoder = SharedEncoder.Value;
        var prompt = new NamePrompt("two", ["{0}", "the colour of a {0}"]);
        var found = prompt.Vectors(encoder, ["fox", "sweet_pepper"]);
        var mean = encoder.Encode(["sweet pepper", "the colour of a sweet pepper"]).mean([0]);
        Assert.True((found[1] - (mean / mean.norm())).abs().max().item<float>() < 1e-6);
        Assert.Equal([2, encoder.FeatureCount], found.shape);
    }

    [Theory]
    [InlineData("no place")]
    [InlineData]
    public void Should_Refuse_When_ATemplateHasNoPlaceForTheName(params string[] templates) => Assert.Contains(
        "where the name goes",
        Assert.Throws<FewShotException>(() => new NamePrompt("wrong", templates).Sentences("fox")).Message,
        StringComparison.Ordinal);
}
