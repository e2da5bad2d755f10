using FewShot.Data;

namespace FewShot.Tests.Data;

public class ImageNetNamesTests
{
    [Fact]
    public void Should_HoldAThousandNamesInImageNetsOrder_When_Read()
    {
        Assert.Equal(1000, ImageNetNames.All.Count);
        Assert.Equal(("tench", "leopard", "toilet paper"), (ImageNetNames.All[0], ImageNetNames.All[288], ImageNetNames.All[999]));
    }

    [Theory]
    [InlineData("leopard", "leopard", "snow leopard")]
    [InlineData("pickup_truck", "pickup truck")]
    [InlineData("Crane", "crane (bird)", "crane (machine)")]
    [InlineData("man")]
    public void Should_FindWholeWordsOnly_When_ANameIsLookedFor(string name, params string[] expected) =>
        Assert.Equal(expected, ImageNetNames.Containing(name));
}
