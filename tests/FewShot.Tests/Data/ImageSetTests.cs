using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Data;

public class ImageSetTests
{
    [Theory]
    [InlineData("cat", "cat", "'cat' is the name of 2")]
    [InlineData("cat", " ", "' ' is the name of 1")]
    public void Should_NameTheClass_When_ItsNameIsNoneOfItsOwn(string first, string second, string because) =>
        Refused(because, () => new ImageSet("pets", torch.zeros([1, 3, 2, 2], torch.uint8), torch.zeros(1, torch.int64), [first, second]));

    [Fact]
    public void Should_NameTheLabel_When_ItIsOfNoClass() =>
        Refused(
            "label -100 is outside 0..1",
            () => new ImageSet("pets", torch.zeros([1, 3, 2, 2], torch.uint8), torch.full(1, -100, torch.int64), ["cat", "dog"]));

    [Fact]
    public void Should_LeaveNoTensor_When_TheDigestIsTaken()
    {
        using var set = new ImageSet("pets", torch.zeros([1, 3, 2, 2], torch.uint8), torch.zeros(1, torch.int64), ["cat"]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = set.Digest;
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Refused(string because, Func<ImageSet> make)
    {
        using var scope = torch.NewDisposeScope();
        Assert.Contains(because, Assert.Throws<FewShotException>(make).Message, StringComparison.Ordinal);
    }
}
