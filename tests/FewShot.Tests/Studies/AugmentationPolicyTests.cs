using FewShot.Data;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Studies;

public class AugmentationPolicyTests
{
    [Fact]
    public void Should_BeTheErrorOfHeadsThatDidNotSeeTheImage_When_DoneByHand()
    {
        using var scope = torch.NewDisposeScope();
        using var material = TinyMaterial.Make();
        using var labelled = material.Train.Select(Subset.First(material.Train, 2));
        using var bank = Bank(material, labelled, AugmentationRecipe.Flip);
        var sum = 0.0;
        // Two images of each class: the first of each is in one part, the second in the other.
        var seen = new Dictionary<long, int>();
        var part = labelled.LabelValues.Select(label => seen[label] = seen.GetValueOrDefault(label, -1) + 1).ToArray();
        for (var held = 0; held < 2; held++)
        {
            long[] Of(int which) => [.. part.Index().Where(one => one.Item == which).Select(one => (long)one.Index)];
            using var inside = bank.Select(Of(1 - held));
            using var outside = bank.Select(Of(held));
            using var head = RidgeHead.Fit(inside);
            var scores = head.Scores(outside.Views[0]);
            for (var i = 0; i < outside.Count; i++)
            {
                for (var c = 0; c < 10; c++)
                    sum += Math.Pow(scores[i, c].item<float>() - (outside.Labels[i].item<long>() == c ? 1 : 0), 2);
            }
        }

        Assert.Equal(sum / 20, Assert.Single(AugmentationPolicy.Errors([bank], folds: 2)), 1e-6);
    }

    [Fact]
    public void Should_Refuse_When_BanksAreOfOtherImages()
    {
        using var material = TinyMaterial.Make();
        using var some = material.Train.Select(Subset.First(material.Train, 2));
        using var others = material.Train.Select(Subset.First(material.Train, 3));
        using var one = Bank(material, some, AugmentationRecipe.None);
        using var other = Bank(material, others, AugmentationRecipe.None);
        Assert.Throws<FewShotException>(() => AugmentationPolicy.Errors([one, other], folds: 2));
    }

    private static FeatureBank Bank(FewShot.Course.CourseMaterial material, ImageSet images, AugmentationRecipe recipe) =>
        FeatureBank.Extract(material.Backbone, images, material.Preprocessing with { Size = 16 }, recipe.Views(2));
}
