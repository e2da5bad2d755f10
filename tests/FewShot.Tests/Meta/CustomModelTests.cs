using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>
/// A learner's own model can be wrong in ways that only the backward pass finds: each is an error that can be caught, and the process
/// goes on.
/// </summary>
public sealed class CustomModelTests
{
    public static TheoryData<string> Methods => ["maml", "anil", "meta-sgd", "reptile"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_NameTheWeight_When_TheLossSkipsIt(string method) =>
        Refused("does not depend on bias [", method, (weights, inputs) => inputs.bmm(weights[0].transpose(1, 2)));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_SayWhatCutItOff_When_TheOutputIsDetached(string method) =>
        Refused("detach()", method, (weights, inputs) => Whole(weights, inputs).detach());

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_SayWhatCutItOff_When_TheModelComputesWithoutGradient(string method) =>
        Refused("no_grad", method, (weights, inputs) =>
        {
            using var noGradient = torch.no_grad();
            return Whole(weights, inputs);
        });

    [Fact]
    public void Should_BeCaught_When_TheModelKeepsAGraphFromStepToStep()
    {
        torch.Tensor? kept = null;
        Refused(
            "second time",
            "maml",
            (weights, inputs) => Whole(weights, inputs) + (kept ??= weights[0].exp().sum().DetachFromDisposeScope()),
            GradientOrder.First);
    }

    [Fact]
    public void Should_SayHowToLeaveIt_When_InInferenceMode()
    {
        using var inference = torch.inference_mode();
        Refused("inference_mode", "maml", Whole);
    }

    private static torch.Tensor Whole(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs) =>
        inputs.bmm(weights[0].transpose(1, 2)) + weights[1].unsqueeze(1);

    private static void Refused(
        string because,
        string method,
        Func<IReadOnlyList<torch.Tensor>, torch.Tensor, torch.Tensor> forward,
        GradientOrder order = GradientOrder.Second)
    {
        using var scope = torch.NewDisposeScope();
        var model = new Custom(forward);
        using var initial = MetaTasks.Weights(model);
        using MetaLearner learner = method switch
        {
            "anil" => new Anil(model, initial, new AnilOptions { Order = order }),
            "meta-sgd" => new MetaSgd(model, initial, new MetaSgdOptions { Order = order }),
            "reptile" => new Reptile(model, initial, new ReptileOptions { InnerSteps = 2 }),
            _ => new Maml(model, initial, new MamlOptions { Order = order, InnerSteps = 2, ChunkSize = 1 }),
        };
        using var tasks = MetaTasks.For(model);
        var error = Assert.Throws<FewShotException>(() => learner.Gradient(tasks));
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }

    private sealed class Custom(Func<IReadOnlyList<torch.Tensor>, torch.Tensor, torch.Tensor> forward) : IFunctionalModel
    {
        public string Name => "custom";

        public IReadOnlyList<WeightShape> Weights { get; } = [new("weight", [2, 3], 0, true), new("bias", [2], 0, true)];

        public bool UsesBatchNorm => false;

        public long ValuesPerExample => 1;

        public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32) => new(Weights, dtype);

        public torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0) =>
            forward(weights, inputs);
    }
}
