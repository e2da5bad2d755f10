using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Tests.Text;

public sealed class BankQuestionsTests
{
    [Fact]
    public void Should_AskTheSame_When_TheLanguageIsAnother()
    {
        var english = BankQuestions.In("English");

        Assert.All(BankQuestions.Languages, language => Assert.Equal(english.Labels, BankQuestions.In(language).Labels));
        Assert.Equal((40, 40), (english.Count, english.Labels.Distinct().Count()));
        Assert.Equal(Banking77.Intents, english.ClassNames);
    }

    [Fact]
    public void Should_BeOfTheCoursesOwnWriting_When_ComparedWithBanking77()
    {
        var published = Banking77.Train.Texts.Concat(Banking77.Test.Texts).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.DoesNotContain(BankQuestions.In("English").Texts, published.Contains);
    }

    [Fact]
    public void Should_NameTheLanguages_When_AnotherIsAsked() =>
        Assert.Contains(
            "English, German, Chinese", Assert.Throws<FewShotException>(() => BankQuestions.In("Latin")).Message, StringComparison.Ordinal);
}
