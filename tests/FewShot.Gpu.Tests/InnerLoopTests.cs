using FewShot.Meta;
using FewShot.Models;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Gpu.Tests;

/// <summary>
/// An inner loop reads nothing back from its device: each read makes a GPU stop and wait for the host. Tensors of libtorch's meta device
/// have shapes and no values, so that every read of one is an error; that needs no GPU.
/// </summary>
public class InnerLoopTests
{
    private static readonly torch.Device Meta = new(DeviceType.META);

    private static readonly Dictionary<string, Func<IFunctionalModel, ModelWeights, MetaLearner>> Learners = new()
    {
        ["MAML"] = (model, start) => new Maml(model, start),
        ["ANIL"] = (model, start) => new Anil(model, start),
        ["Meta-SGD"] = (model, start) => new MetaSgd(model, start),
        ["Reptile"] = (model, start) => new Reptile(model, start),
    };

    public static TheoryData<string> Names => [.. Learners.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_ReadNothingBack_When_AnInnerLoopAdapts(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var on = new OnDevice(Meta);
        // Without hidden layers: libtorch knows no shape of a rectifier's result on this device.
        var model = new Mlp(3, 2);
        using var start = model.Initial(0);
        using var learner = Learners[name](model, start);
        using var onCpu = MetaTasks.For(model, dtype: torch.ScalarType.Float32);
        using var tasks = onCpu.To(Meta);
        Assert.All(learner.Adapt(tasks, steps: 3), weight => Assert.Equal(DeviceType.META, weight.device_type));
    }

    [Fact]
    public void Should_BeAnError_When_AValueOfTheMetaDeviceIsRead()
    {
        using var scope = torch.NewDisposeScope();
        Assert.ThrowsAny<Exception>(() => torch.ones(2, device: Meta).sum().item<float>());
    }
}
