using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Onnx;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Tests.Onnx;

public sealed class LearnerExportTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData("mlp", "values")]
    [InlineData("strided", "scores")]
    [InlineData("pooled", "scores")]
    public void Should_AnswerAsTheLearner_When_ItIsAdaptedToATask(string name, string output)
    {
        using var learner = Learner(name);
        using var tasks = Tasks(learner, count: 1);
        OnnxExport.Learner(learner, tasks, folder.At("learner.onnx"), steps: 3);
        using var model = new OnnxModel(folder.At("learner.onnx"));
        var expected = learner.Predict(tasks, steps: 3, BatchNormMode.Inductive)[0].cpu();
        var queries = tasks.QueryInputs[0].to(torch.float32).cpu();
        Assert.InRange(Pictures.Difference(model.Run(output, queries), expected), 0, 1e-4);
        var one = model.Run(output, queries.narrow(0, 2, 1));
        Assert.InRange(Pictures.Difference(one, expected.narrow(0, 2, 1)), 0, 1e-4);
    }

    [Fact]
    public void Should_GiveProbabilitiesAndNames_When_TheTaskIsAClassification()
    {
        using var learner = Learner("strided");
        using var tasks = Tasks(learner, count: 1);
        OnnxExport.Learner(learner, tasks, folder.At("learner.onnx"), ["a", "b", "c"]);
        using var model = new OnnxModel(folder.At("learner.onnx"));
        var expected = learner.Predict(tasks, batchNorm: BatchNormMode.Inductive)[0].softmax(1).cpu();
        var found = model.Run("probabilities", tasks.QueryInputs[0].to(torch.float32).cpu());
        Assert.InRange(Pictures.Difference(found, expected), 0, 1e-4);
        Assert.Equal("""["a","b","c"]""", model.Metadata["classes"]);
    }

    [Fact]
    public void Should_Refuse_When_ThereAreTwoTasks()
    {
        using var learner = Learner("mlp");
        using var tasks = Tasks(learner, count: 2);
        var error = Assert.Throws<FewShotException>(() => OnnxExport.Learner(learner, tasks, folder.At("learner.onnx")));
        Assert.Contains("one task; found 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_TheNamesAreTooFew()
    {
        using var learner = Learner("strided");
        using var tasks = Tasks(learner, count: 1);
        var error = Assert.Throws<FewShotException>(() => OnnxExport.Learner(learner, tasks, folder.At("learner.onnx"), ["a", "b"]));
        Assert.Contains("3 outputs and 2 names", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheType_When_AModelCannotBeExported()
    {
        var mlp = MetaTasks.Model("mlp");
        using var weights = MetaTasks.Weights(mlp);
        using var learner = new Maml(new Renamed(mlp), weights);
        using var tasks = Tasks(learner, count: 1);
        var error = Assert.Throws<FewShotException>(() => OnnxExport.Learner(learner, tasks, folder.At("learner.onnx")));
        Assert.Contains(nameof(Renamed), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepNoTensor_When_ALearnerIsExported()
    {
        using var learner = Learner("pooled");
        using var tasks = Tasks(learner, count: 1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        OnnxExport.Learner(learner, tasks, folder.At("learner.onnx"));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Maml Learner(string name)
    {
        var model = MetaTasks.Model(name);
        using var weights = MetaTasks.Weights(model);
        return new Maml(model, weights, new MamlOptions { InnerLearningRate = 0.1 });
    }

    private static TaskBatch Tasks(Maml learner, int count)
    {
        var model = learner.Model is Renamed renamed ? renamed.Model : learner.Model;
        using var tasks = MetaTasks.For(model, tasks: count);
        return tasks.To(Torch.Device);
    }

    private sealed record Renamed(IFunctionalModel Model) : IFunctionalModel
    {
        public string Name => "renamed";

        public IReadOnlyList<WeightShape> Weights => Model.Weights;

        public bool UsesBatchNorm => Model.UsesBatchNorm;

        public long ValuesPerExample => Model.ValuesPerExample;

        public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32) => Model.Initial(seed, dtype);

        public torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0) =>
            Model.Forward(weights, inputs, statistics);
    }
}
