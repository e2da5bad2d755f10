using FewShot.Data;
using FewShot.Runtime;
using FewShot.Studies;
using TorchSharp;

namespace FewShot.Tests.Studies;

public class TwinCharactersTests
{
    /// <summary>
    /// Two alphabets of three characters; a drawing's vector is its character's place in the plane and a little noise. The change mirrors
    /// the first number, so that characters 0 and 2 of each alphabet become one another.
    /// </summary>
    internal static TwinCharacters Mirrored(out ImageSet characters)
    {
        using var scope = torch.NewDisposeScope();
        string[] names = ["set/Greek/character01", "set/Greek/character02", "set/Greek/character03",
            "set/Latin/character01", "set/Latin/character02", "set/Latin/character03"];
        characters = new ImageSet(
            "characters", torch.zeros([120, 1, 1, 1], torch.uint8), torch.arange(6).repeat_interleave(20), names);
        using var generator = new torch.Generator(3, torch.CPU);
        var places = torch.tensor(new float[] { 1, 0, 0, 4, -1, 0, 2, 8, 0, 1, -2, 8 }, [6, 2]).repeat_interleave(20, 0);
        var vectors = places + (0.2f * torch.randn([120, 2], generator: generator));
        return new TwinCharacters(characters, vectors, vectors * torch.tensor([-1f, 1]));
    }

    [Fact]
    public void Should_FindThePairsThatTheChangeExchanges_When_TheyAreThere()
    {
        using var twins = Mirrored(out var characters);
        using (characters)
            Assert.Equal([new("Greek", 0, 2), new("Latin", 3, 5)], twins.Closest());
    }

    [Fact]
    public void Should_GuessWithCopies_When_TheyAreTwins()
    {
        using var twins = Mirrored(out var characters);
        using (characters)
        {
            var pair = twins.Closest()[0];
            Assert.Equal(1, twins.Accuracy(pair, shots: 5, draws: 40, copies: false));
            // Both prototypes lie in the middle, so which is nearer is chance.
            Assert.InRange(twins.Accuracy(pair, shots: 5, draws: 40, copies: true), 0.2, 0.8);
            // A mirror leaves these two apart.
            Assert.Equal(1, twins.Accuracy(new CharacterPair("Greek", 0, 1), shots: 5, draws: 40, copies: true));
        }
    }

    [Fact]
    public void Should_TakePairsOfOneAlphabet_When_AnyAreAskedFor()
    {
        using var twins = Mirrored(out var characters);
        using (characters)
        {
            var seen = Enumerable.Range(0, 40).SelectMany(seed => twins.Any(seed)).Distinct().ToList();
            Assert.Equal(6, seen.Count);
            Assert.All(seen, pair => Assert.Equal(pair.Alphabet == "Greek" ? 0 : 1, pair.First / 3));
            Assert.All(seen, pair => Assert.True(pair.First / 3 == pair.Second / 3 && pair.First < pair.Second));
            Assert.Equal(twins.Any(5), twins.Any(5));
        }
    }

    [Fact]
    public void Should_Refuse_When_NumbersDoNotFit()
    {
        using var scope = torch.NewDisposeScope();
        using var twins = Mirrored(out var characters);
        using (characters)
        {
            Assert.Throws<FewShotException>(() => twins.Accuracy(twins.Closest()[0], shots: 10, draws: 1, copies: false));
            Assert.Throws<FewShotException>(() => new TwinCharacters(characters, torch.zeros(119, 2), torch.zeros(119, 2)));
        }
    }
}
