using System.Text.RegularExpressions;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Studies;

namespace FewShot.Tests.Studies;

public partial class KeptLearnerTests
{
    private const long MostBytes = 2_800_000;
    private const int Checked = 20;

    [Fact]
    public void Should_HaveSeenEquallyManyEpisodes_When_TheyAreCompared()
    {
        KeptLearner[] learners = [.. KeptLearner.EqualTraining(), KeptLearner.Prototypical()];
        Assert.Equal(Enum.GetValues<MetaMethod>().Select(KeptLearner.Title), learners.Select(kept => kept.Name));
        Assert.Single(learners.Select(kept => kept.Account.EpisodesRun).Distinct());
        // Each learner's episodes were varied in half of its iterations, and all learners were validated equally often.
        Assert.All(learners, kept => Assert.Equal(kept.Account.Run, 2 * kept.Record.Options["variedIterations"].GetInt64()));
        Assert.Single(learners.Select(kept => kept.Account.Run / kept.Record.Options["validateEvery"].GetInt64()).Distinct());
        Assert.Single(learners.Select(kept => kept.Record.Data[OmniglotStudy.Episodes]).Distinct());
        foreach (var kept in learners)
            kept.Dispose();
    }

    [Fact]
    public void Should_SayHowTheyWereMade_When_TheyAreKept()
    {
        foreach (var kept in Kept())
        {
            Assert.StartsWith("dotnet run -c Release --project src/FewShot.Kernel -- ", kept.Record.Command, StringComparison.Ordinal);
            Assert.Equal("clean", kept.Record.WorkingTree);
            Assert.Contains(kept.Record.Command!, Readme(), StringComparison.Ordinal);
            kept.Dispose();
        }
    }

    [Fact]
    public void Should_TellOneAccount_When_TheReadmeSpeaksOfTheLongTraining()
    {
        using var kept = KeptLearner.LongTrained();
        Assert.Contains(kept.Account.ToString(), Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_StaySmall_When_Kept() =>
        Assert.InRange(
            Directory.EnumerateFiles(MetaWeights.Folder, "omniglot-*.safetensors")
                .Where(path => !path.Contains("-long", StringComparison.Ordinal))
                .Sum(path => new FileInfo(path).Length),
            1,
            MostBytes);

    [Fact]
    public void Should_ScoreAsTheirRecordsSay_When_JudgedOnTheFirstEpisodes()
    {
        using var all = Omniglot.LoadCarried();
        using var split = Omniglot.Split(all);
        foreach (var kept in Kept())
        {
            var found = OmniglotStudy.Evaluate(
                kept.Learner, split.Test, EpisodeList.Draw(split.Test, count: Checked, seed: 9), kept.Judgements);
            foreach (var (judgement, accuracy) in kept.Judgements.Zip(found))
                Assert.InRange(kept.Accuracy(judgement).Value, accuracy.Interval.Low - 0.05, accuracy.Interval.High + 0.05);
            kept.Dispose();
        }
    }

    private static IEnumerable<KeptLearner> Kept() =>
        [.. KeptLearner.EqualTraining(), KeptLearner.Prototypical(), KeptLearner.LongTrained()];

    private static string Readme() => Spaces().Replace(File.ReadAllText(Path.Combine(MetaWeights.Folder, "..", "README.md")), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
