using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Tests.Text;

public sealed class HashedNgramsTests
{
    [Fact]
    public void Should_ShareHalfOfTheirSequences_When_HalfOfTheWordsAreTheSame()
    {
        // Of so many places no two sequences share one here, so that cosines count sequences.
        using var found = new HashedNgrams(places: 1 << 16).Encode(["lost my card", "Lost MY phone!", "weather"]);
        using var cosines = found.matmul(found.t());

        // Five sequences each: lost, my, "lost my" are common; card, phone and one pair are not.
        Assert.Equal(3 / 5.0, cosines[0, 1].item<float>(), 1e-6);
        Assert.Equal(0, cosines[0, 2].item<float>(), 1e-6);
        Assert.Equal(1, cosines[2, 2].item<float>(), 1e-6);
    }

    [Fact]
    public void Should_TellTheOrderOfWords_When_PairsCount()
    {
        using var pairs = new HashedNgrams(1 << 16).Encode(["card lost", "lost card"]);
        using var words = new HashedNgrams(1 << 16, longest: 1).Encode(["card lost", "lost card"]);

        Assert.Equal(2 / 3.0, (pairs[0] * pairs[1]).sum().item<float>(), 1e-6);
        Assert.Equal(1, (words[0] * words[1]).sum().item<float>(), 1e-6);
    }

    [Fact]
    public void Should_BeZero_When_ATextHasNoWord()
    {
        using var found = new HashedNgrams(16).Encode(["?!"]);

        Assert.Equal(0, found.abs().sum().item<float>());
    }

    [Fact]
    public void Should_SayWhatIsAllowed_When_ThereAreNoPlaces() =>
        Assert.Contains(
            "at least 2 places", Assert.Throws<FewShotException>(() => new HashedNgrams(1)).Message, StringComparison.Ordinal);
}
