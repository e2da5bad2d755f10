using FewShot.Episodes;
using FewShot.Tests.Trials;

namespace FewShot.Tests.Episodes;

public class EpisodesAmongTests
{
    [Fact]
    public void Should_ShowTheImagesOfThoseClasses_When_DrawnAmongSome()
    {
        using var set = TrialMaterial.Images("judged");
        string[] some = ["judged 7", "judged 2", "judged 5", "judged 11"];
        using var part = set.SelectClasses(some);
        var form = new EpisodeOptions(Way: 3, Shot: 2, Query: 3);

        var found = EpisodeList.DrawAmong(set, some, form, count: 20, seed: 4);

        // The same episodes of the set that has no other classes: what each number means must agree.
        var expected = EpisodeList.Draw(part, form, count: 20, seed: 4);
        foreach (var (one, other) in found.Episodes.Zip(expected.Episodes))
        {
            Assert.Equal(other.Classes.Select(k => part.ClassNames[k]), one.Classes.Select(k => set.ClassNames[k]));
            foreach (var (here, there) in one.Support.Concat(one.Query).Zip(other.Support.Concat(other.Query)))
            {
                Assert.Equal(there.Label, here.Label);
                Assert.True(part.Images[there.Position].Equals(set.Images[here.Position]));
            }
        }
    }
}
