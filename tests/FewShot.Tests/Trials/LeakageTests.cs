using FewShot.Data;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Metric;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Trials;
using TorchSharp;

namespace FewShot.Tests.Trials;

/// <summary>Each check against leaks catches the fault that it is there for, and no score is given.</summary>
public sealed class LeakageTests : IDisposable
{
    private readonly TrialMaterial material = new();

    public void Dispose() => material.Dispose();

    [Fact]
    public void Should_PassEveryCheck_When_TheMethodIsHonest()
    {
        using var train = TrialMaterial.Images("trained");
        var history = new MethodHistory { TrainedOn = [ClassesSeen.In(train)], Choices = [Choice.Given("metric", "Euclidean")] };
        var report = material.Evaluator.Check(material.Honest, history);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(7, report.Findings.Count);
    }

    // BatchNorm in training mode at test time.
    [Fact]
    public void Should_Refuse_When_QueriesAreNormalisedTogetherAndItIsCalledInductive() => ShouldRefuse(
        new FeatureMethod(new CentroidHead(normalisesQueries: true), material.Bank),
        "queries answered by themselves", "is asked alone, and it calls itself inductive", "label the method transductive");

    [Fact]
    public void Should_Refuse_When_ScoresDependOnTheMeanOfTheQueriesAndItIsCalledInductive() => ShouldRefuse(
        new MadeUp((episode, query, label) => label * (episode.Query[query].Position - episode.Query.Average(one => one.Position))),
        "queries answered by themselves", "is asked alone, and it calls itself inductive");

    [Fact]
    public void Should_Refuse_When_OneQueryHasNoAnswerAndItIsCalledInductive() => ShouldRefuse(
        new MadeUp((episode, _, label) => episode.Query.Count > 1 ? label : double.NaN),
        "queries answered by themselves", "scores change by all of their range");

    [Fact]
    public void Should_Pass_When_QueriesAreNormalisedTogetherAndItIsCalledTransductive()
    {
        var method = new FeatureMethod(new CentroidHead(normalisesQueries: true, saysSo: true), material.Bank);
        var result = material.Evaluator.Run(method, MethodHistory.Nothing);
        Assert.True(result.IsTransductive);
        Assert.Contains("; transductive;", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_AMetaLearnersBatchNormIsInTrainingModeAndItIsCalledInductive()
    {
        using var learner = Learner();
        using var method = new LearnerMethod("MAML", learner, material.Set, BatchNormMode.Transductive);
        ShouldRefuse(new CalledInductive(method), "queries answered by themselves");
    }

    [Theory]
    [InlineData(BatchNormMode.Transductive)]
    [InlineData(BatchNormMode.Inductive)]
    public void Should_PassEveryCheck_When_AMetaLearnerSaysWhatItIs(BatchNormMode mode)
    {
        using var learner = Learner();
        using var method = new LearnerMethod("MAML", learner, material.Set, mode);
        var report = material.Evaluator.Check(method, MethodHistory.Nothing);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(8, report.Findings.Count);
        Assert.Equal(mode == BatchNormMode.Transductive, method.IsTransductive);
    }

    [Fact]
    public void Should_PassEveryCheck_When_ALearnerComparesVectors()
    {
        var embedding = new Conv4Embedding(new Conv4Options { Size = 8, Channels = 3, Filters = 4, Blocks = 2 });
        using var initial = embedding.Initial(3);
        using var learner = new ProtoNet(embedding, initial);
        using var method = new LearnerMethod("prototypical network", learner, material.Set, BatchNormMode.Inductive);
        var report = material.Evaluator.Check(method, MethodHistory.Nothing);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(7, report.Findings.Count);
        Assert.Throws<FewShotException>(() => method.ScoresBeforeAdaptation(material.List.Episodes));
    }

    [Fact]
    public void Should_Refuse_When_AnswersDependOnThePlaceOfAQuery() => ShouldRefuse(
        new MadeUp((_, query, label) => query % 4 == label ? 1 : 0), "queries answered by themselves", "in another order");

    [Fact]
    public void Should_RefuseATransductiveMethodToo_When_AnswersDependOnThePlaceOfAQuery() => ShouldRefuse(
        new MadeUp((_, query, label) => query % 4 == label ? 1 : 0, isTransductive: true), "in another order");

    [Fact]
    public void Should_Refuse_When_ThingsGoFromOneCallToTheNext()
    {
        var calls = 0;
        ShouldRefuse(new MadeUp((_, _, label) => label == 0 ? calls++ : 0), "queries answered by themselves");
    }

    // Classes, support and query in ascending order: the label follows from the place.
    [Fact]
    public void Should_Refuse_When_LabelsAreSorted()
    {
        var list = material.Changed(episode => Sorted(episode));
        ShouldRefuse(material.Honest, list, "labels by chance", "holds label", "EpisodeSampler");
    }

    [Fact]
    public void Should_Refuse_When_OnlyTheClassesAreSorted()
    {
        var list = material.Changed(episode =>
        {
            var sorted = Sorted(episode);
            return sorted with
            {
                Support = [.. episode.Support.Select(image => Relabelled(image, sorted))],
                Query = [.. episode.Query.Select(image => Relabelled(image, sorted))],
            };
        });
        ShouldRefuse(material.Honest, list, "labels by chance", "follow the numbers of the classes");
    }

    [Fact]
    public void Should_Refuse_When_QueriesStandClassByClass()
    {
        var list = material.Changed(episode => episode with
        {
            Query = [.. episode.Query.GroupBy(image => image.Label).SelectMany(group => group)],
        });
        ShouldRefuse(material.Honest, list, "labels by chance", "query images stand class by class");
    }

    // The order of labels is random, but that of the queries follows that of the support.
    [Fact]
    public void Should_Refuse_When_QueriesFollowTheOrderOfTheSupport()
    {
        var list = material.Changed(episode =>
        {
            var byLabel = episode.Query.ToLookup(image => image.Label);
            return episode with
            {
                Query = [.. Enumerable.Range(0, 3).SelectMany(turn => episode.Support.Select(one => byLabel[one.Label].ElementAt(turn)))],
            };
        });
        ShouldRefuse(material.Honest, list, "labels by chance", "has the label of support place");
    }

    [Fact]
    public void Should_RaiseNoAlarm_When_ListsAreDrawnByTheSampler() => Assert.All(
        Enumerable.Range(0, 200), seed =>
        {
            var form = seed % 2 == 0 ? TrialMaterial.Form : new EpisodeOptions(3, 2, 2).WithDirichletQueries();
            Assert.True(LabelPlaces.Check(EpisodeList.Draw(material.Set, form, 30, seed)).Passed);
        });

    [Fact]
    public void Should_Refuse_When_SupportImagesAreAskedAbout()
    {
        var list = material.Changed(episode => episode with
        {
            Query = [.. episode.Query.Skip(1), episode.Support[0]],
        });
        ShouldRefuse(material.Honest, list, "support and query apart", "60 of 720 queries are support images");
    }

    [Fact]
    public void Should_Refuse_When_TheSetHoldsImagesTwice()
    {
        // The second half of the images are copies of the first half.
        long[] twice = [.. Enumerable.Range(0, 120).Select(position => (long)(position % 60))];
        using var set = material.Set.Select(twice);
        var evaluator = new Evaluator(EpisodeList.Draw(set, TrialMaterial.Form, 60), set);
        var error = Assert.Throws<FewShotException>(
            () => evaluator.Run(new MadeUp((_, _, _) => 0), MethodHistory.Nothing));
        Assert.Contains("have the pixels of a support image of their episode", error.Message, StringComparison.Ordinal);
        Assert.Contains("DuplicateReport.Within", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ItWasTrainedOnTheTestClasses() => ShouldRefuse(
        material.Honest, new MethodHistory { TrainedOn = [ClassesSeen.Named("the lot", ["judged 3", "other"])] },
        "classes apart", "trained on 2 classes of the lot, of which judged has 'judged 3'");

    [Fact]
    public void Should_Refuse_When_TrainingImagesAreInTheTest()
    {
        // Other names for the classes do not hide that the images are the same.
        using var train = new ImageSet(
            "renamed",
            material.Set.Images.clone(),
            material.Set.Labels.clone(),
            [.. material.Set.ClassNames.Select(name => $"not {name}")]);
        ShouldRefuse(
            material.Honest, new MethodHistory { TrainedOn = [ClassesSeen.In(train)] },
            "no training examples in the test", "120 of 120 examples of judged equal a training example");
    }

    [Fact]
    public void Should_ReportAndPass_When_FewTrainingImagesAreInTheTest()
    {
        using var set = TrialMaterial.Images("large", 12, 20);
        using var one = set.Select([7]);
        using var train = new ImageSet(
            "renamed", one.Images.clone(), one.Labels.clone(), [.. set.ClassNames.Select(name => $"not {name}")]);
        var evaluator = new Evaluator(EpisodeList.Draw(set, TrialMaterial.Form, 30), set);
        var report = evaluator.Check(new MadeUp((_, _, _) => 0), new MethodHistory { TrainedOn = [ClassesSeen.In(train)] });
        Assert.True(report.Passed);
        Assert.Contains("1 of 240 examples of large equal a training example", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ASettingWasChosenOnTheTestClasses()
    {
        var choice = material.Evaluator.Choose(
            "power", [1.0, 2], _ => material.Honest, MethodHistory.Nothing);
        ShouldRefuse(
            material.Honest, new MethodHistory { Choices = [choice] },
            "nothing chosen on the test classes", "power was chosen on 12 classes of judged", "Choose on validation classes");
    }

    [Fact]
    public void Should_Refuse_When_OtherCodeChoseOnTheTestClasses() => ShouldRefuse(
        material.Honest, new MethodHistory { Choices = [Choice.Made("checkpoint", 7, ClassesSeen.In(material.Set))] },
        "nothing chosen on the test classes", "checkpoint was chosen on 12 classes of judged");

    [Fact]
    public void Should_Judge_When_ASettingWasChosenOnOtherClasses()
    {
        using var other = new TrialMaterial("validation");
        var choice = other.Evaluator.Choose(
            "head", [true, false], good => good ? other.Honest : new MadeUp((_, _, _) => 0), MethodHistory.Nothing);
        Assert.True(choice.Value);
        Assert.Equal(2, choice.Candidates.Count);
        var result = material.Evaluator.Run(material.Honest, new MethodHistory { Choices = [choice] });
        Assert.Contains("1 choice, made on other classes", result.Leakage.ToString(), StringComparison.Ordinal);
    }

    // It looks the class of a query up in the set: with shuffled labels it still knows.
    [Fact]
    public void Should_Refuse_When_SomethingElseThanTheSupportTellsTheLabels() => ShouldRefuse(
        new MadeUp((episode, query, label) =>
            material.Set.LabelValues[episode.Query[query].Position] == episode.Classes[label] ? 1 : 0),
        "chance with shuffled labels", "100.0 % over 60 episodes where chance is 25.0 %");

    [Fact]
    public void Should_Refuse_When_ItKnowsTheLabelsBeforeItAdapts() => ShouldRefuse(
        new KnowsBefore(material), "chance before adaptation", "The starting weights know the labels already");

    [Fact]
    public void Should_ShowNoAnswer_When_TheMethodPeeksAtTheQueries()
    {
        var result = material.Evaluator.Run(
            new MadeUp((episode, query, label) => episode.Query[query].Label == label ? 1 : 0), MethodHistory.Nothing);
        Assert.Equal(0.25, result.Accuracy.Mean, 12);
    }

    [Fact]
    public void Should_NameEveryFailedCheck_When_ThereAreSeveral()
    {
        var list = material.Changed(episode => Sorted(episode));
        var error = Assert.Throws<FewShotException>(() => new Evaluator(list, material.Set).Run(
            new MadeUp((_, query, label) => query / 3 == label ? 1 : 0), MethodHistory.Nothing));
        Assert.StartsWith("No score is given for made up: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"labels by chance\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"chance with shuffled labels\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayThatNobodyKnows_When_TheWeightsWereTrainedElsewhere()
    {
        var result = material.Evaluator.Run(material.Honest, new MethodHistory { TrainedElsewhere = "ImageNet" });
        Assert.Contains("trained on ImageNet, whose classes are not known here", result.ToString(), StringComparison.Ordinal);
    }

    private static Episode Sorted(Episode episode)
    {
        var order = episode.Classes.Index().OrderBy(entry => entry.Item).Select(entry => entry.Index).ToList();
        EpisodeImage[] InOrder(IReadOnlyList<EpisodeImage> images) =>
            [.. images.Select(image => image with { Label = order.IndexOf(image.Label) }).OrderBy(image => image.Label)];
        return new Episode([.. episode.Classes.Order()], InOrder(episode.Support), InOrder(episode.Query));
    }

    private static EpisodeImage Relabelled(EpisodeImage image, Episode sorted) =>
        sorted.Support.Concat(sorted.Query).First(one => one.Position == image.Position);

    private static Maml Learner()
    {
        var model = new Conv4(new Conv4Options { Size = 8, Channels = 3, Filters = 4, Blocks = 2, Ways = 4 });
        using var initial = model.Initial(3);
        return new Maml(model, initial, new MamlOptions { InnerLearningRate = 0.4 });
    }

    private void ShouldRefuse(IFewShotMethod method, params string[] parts) =>
        ShouldRefuse(method, material.List, MethodHistory.Nothing, parts);

    private void ShouldRefuse(IFewShotMethod method, EpisodeList list, params string[] parts) =>
        ShouldRefuse(method, list, MethodHistory.Nothing, parts);

    private void ShouldRefuse(IFewShotMethod method, MethodHistory history, params string[] parts) =>
        ShouldRefuse(method, material.List, history, parts);

    private void ShouldRefuse(IFewShotMethod method, EpisodeList list, MethodHistory history, string[] parts)
    {
        var error = Assert.Throws<FewShotException>(() => new Evaluator(list, material.Set).Run(method, history));
        Assert.StartsWith($"No score is given for {method.Name}: The check", error.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private sealed class CalledInductive(IFewShotMethod method) : IFewShotMethod
    {
        public string Name => "called inductive";

        public bool IsTransductive => false;

        public torch.Tensor Scores(IReadOnlyList<Episode> episodes) => method.Scores(episodes);
    }

    private sealed class KnowsBefore(TrialMaterial material) : IAdaptingMethod
    {
        public string Name => "knows before";

        public bool Adapts => true;

        public bool IsTransductive => false;

        public torch.Tensor Scores(IReadOnlyList<Episode> episodes) => material.Honest.Scores(episodes);

        public torch.Tensor ScoresBeforeAdaptation(IReadOnlyList<Episode> episodes) => Scores(episodes);
    }
}
