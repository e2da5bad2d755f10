using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Text;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Transfer;

/// <summary>Texts instead of photos; what the two kinds of classifier share is tested with photos.</summary>
public sealed class TextClassifierTests : IDisposable
{
    private static readonly HashedNgrams Words = new(256, 1);
    private static readonly string[] Classes = ["card", "rate", "transfer"];

    private static readonly TextSet Texts = new(
        "questions",
        [
            "lost my card", "the card is stolen", "a new card please", "what is the rate", "the rate of today", "rate of the euro",
            "send a transfer", "the transfer is late", "cancel my transfer",
        ],
        [0, 0, 0, 1, 1, 1, 2, 2, 2],
        Classes);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_NameTheClass_When_ATextIsClassified()
    {
        using var classifier = TextClassifier.Train(Texts, encoder: Words);
        Assert.Equal("card", classifier.Classify("where is my card").Top[0].ClassName);
        var answers = classifier.Classify(["my transfer", "euro rate"], top: 1);
        Assert.Equal(["transfer", "rate"], answers.Select(answer => answer.Top[0].ClassName));
        Assert.Contains(" of 9 texts, and ", classifier.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_AnswerAlike_When_SavedAndLoaded()
    {
        using var classifier = TextClassifier.Train(Texts, encoder: Words);
        classifier.Save(folder.At("bank.fewshot"));
        using var loaded = TextClassifier.Load(folder.At("bank.fewshot"), Words);
        AssertEqual(classifier, loaded);
        Assert.True(TextClassifier.IsIn(folder.At("bank.fewshot")));
        Assert.Equal(Texts.Digest, loaded.Record.Data["questions"]);
    }

    [Fact]
    public void Should_EqualARefit_When_AClassIsAddedAndRemoved()
    {
        using var whole = TextClassifier.Train(Texts, encoder: Words);
        using var changed = TextClassifier.Train(Texts.SelectClasses(["card", "transfer"]), encoder: Words);
        changed.Add("rate", [.. Texts.Texts.Skip(3).Take(3)]);
        AssertEqual(whole, changed);

        using var two = TextClassifier.Train(Texts.SelectClasses(["rate", "transfer"]), encoder: Words);
        changed.Remove("card");
        AssertEqual(two, changed);
    }

    [Fact]
    public void Should_CountTextsAndStrangers_When_Evaluated()
    {
        using var classifier = TextClassifier.Train(Texts, encoder: Words);
        var found = classifier.Evaluate(new TextSet("asked", ["my card", "lost my card", "a dog barks"], [0, 0, 1], ["card", "dog"]));
        Assert.Equal(2, found.Accuracy!.Count);
        Assert.Equal(["dog"], found.UnknownClasses);
        Assert.Equal(1, found.SeenInTraining);
        Assert.StartsWith("WARNING: 1 of these texts", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_MeasureACurveOfTexts_When_Asked()
    {
        using var classifier = TextClassifier.Train(Texts, encoder: Words);
        Assert.Contains("texts of each class", classifier.HowManyTexts(draws: 2).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_BeRefused_When_TheEncoderIsAnother()
    {
        using (var classifier = TextClassifier.Train(Texts, encoder: Words))
            classifier.Save(folder.At("bank.fewshot"));
        AssertRefused(() => TextClassifier.Load(folder.At("bank.fewshot"), new HashedNgrams(256, 2)), "stands on another backbone");
    }

    [Fact]
    public void Should_BeRefused_When_TheFileIsOfTheOtherKind()
    {
        using var photos = new PhotoFolder().With("apple", 2, 0).With("leaf", 2, 1);
        var backbone = new ClassifierBackbone(new FakeExtractor(), new Preprocessing());
        using (var ofPhotos = Classifier.Train(photos.Root, new() { Size = 32 }, backbone))
            ofPhotos.Save(folder.At("photos"));
        using (var ofTexts = TextClassifier.Train(Texts, encoder: Words))
            ofTexts.Save(folder.At("texts"));
        Assert.False(TextClassifier.IsIn(folder.At("photos")));
        AssertRefused(() => TextClassifier.Load(folder.At("photos"), Words), "is a classifier of photos: open it with Classifier.Load");
        AssertRefused(() => Classifier.Load(folder.At("texts"), backbone), "is a classifier of texts: open it with TextClassifier.Load");
    }

    [Fact]
    public void Should_SayWhatIsWrong_When_AUserErrs()
    {
        AssertRefused(() => TextClassifier.Train(new TextSet("one", ["a"], [0], ["x"]), encoder: Words), "there is only 'x'. Add texts");
        AssertRefused(
            () => TextClassifier.Train(new TextSet("two", ["a"], [0], ["x", "y"]), encoder: Words), "two: there is no text of 'y'");
        using var classifier = TextClassifier.Train(Texts, encoder: Words);
        AssertRefused(() => classifier.Classify(" "), "is empty");
        AssertRefused(() => classifier.Classify("card", top: 0), "at least 1 class");
        AssertRefused(() => classifier.Add(" ", ["a"]), "needs a name");
        AssertRefused(() => classifier.Remove("dog"), "There is no class 'dog'");
    }

    [Fact]
    public void Should_LeaveNoTensor_When_Used()
    {
        Use();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Use();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Use()
        {
            using var classifier = TextClassifier.Train(Texts, encoder: Words);
            _ = classifier.Classify("my card");
            classifier.Add("dog", ["the dog", "a dog barks", "dogs"]);
            _ = classifier.Evaluate(Texts);
            classifier.Save(folder.At("file"));
            TextClassifier.Load(folder.At("file"), Words).Dispose();
        }
    }

    private static void AssertEqual(TextClassifier expected, TextClassifier found)
    {
        Assert.Equal(expected.ClassNames, found.ClassNames);
        Assert.Equal(expected.Examples, found.Examples);
        foreach (var (one, other) in expected.Classify(Texts.Texts).Zip(found.Classify(Texts.Texts)))
        {
            Assert.Equal(one.IsKnown, other.IsKnown);
            Assert.Equal(one.Top.Select(top => top.ClassName), other.Top.Select(top => top.ClassName));
            Assert.All(one.Top.Zip(other.Top), pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 1e-6));
        }
    }

    private static void AssertRefused(Action act, string words) =>
        Assert.Contains(words, Assert.Throws<FewShotException>(act).Message, StringComparison.Ordinal);
}
