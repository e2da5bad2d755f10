using System.Runtime.InteropServices;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>Asks the C library how much memory is in use at each pass. It runs alone, as other tests would be counted too.</summary>
[CollectionDefinition(nameof(MetaMemoryTests), DisableParallelization = true)]
[Collection(nameof(MetaMemoryTests))]
public class MetaMemoryTests
{
    private const int Tasks = 8;
    private const int Steps = 12;

    [Fact]
    public void Should_StayFlat_When_OrderIsFirst() => Assert.InRange(SetsInUse(GradientOrder.First).Max(), 0, 2.5);

    /// <summary>Every step keeps at least its weights, and the second half of the steps keeps as much as the first.</summary>
    [Fact]
    public void Should_GrowLinearly_When_OrderIsSecond()
    {
        var sets = SetsInUse(GradientOrder.Second);
        Assert.InRange(sets[^1], Steps - 2, 5 * Steps);
        Assert.InRange((sets[^1] - sets[Steps / 2]) / (sets[Steps / 2] - sets[0]), 0.8, 1.3);
    }

    /// <summary>
    /// Memory in use after each inner step, less that after the first, in sets of weights for all tasks: of each step the median of three
    /// runs, since the process may free what other tests left, at any moment.
    /// </summary>
    private static double[] SetsInUse(GradientOrder order)
    {
        var runs = Enumerable.Range(0, 3).Select(_ => SetsInUseOnce(order)).ToArray();
        return [.. Enumerable.Range(0, Steps).Select(step => runs.Select(run => run[step]).Order().ElementAt(1))];
    }

    private static double[] SetsInUseOnce(GradientOrder order)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var scope = torch.NewDisposeScope();
        var model = new Watched(new Mlp(1, 400, 400, 1));
        using var initial = model.Initial(0);
        using var tasks = new TaskBatch(
            torch.rand([Tasks, 5L, 1]), torch.rand([Tasks, 5L, 1]), torch.rand([Tasks, 5L, 1]), torch.rand([Tasks, 5L, 1]));
        using var learner = new Maml(model, initial, new MamlOptions { Order = order, InnerSteps = Steps, ChunkSize = Tasks });
        learner.Gradient(tasks).Dispose();
        Assert.Equal(Steps + 1, model.InUse.Count);
        var set = Tasks * initial.Flat.numel() * sizeof(float);
        return [.. model.InUse.Skip(1).Select(bytes => (bytes - model.InUse[1]) / set)];
    }

    /// <summary>
    /// A model that looks at the memory before each forward pass: that of inner step 0, 1, ... and, last, of the query examples.
    /// </summary>
    private sealed class Watched(IFunctionalModel model) : IFunctionalModel
    {
        public List<double> InUse { get; } = [];

        public string Name => model.Name;

        public IReadOnlyList<WeightShape> Weights => model.Weights;

        public bool UsesBatchNorm => model.UsesBatchNorm;

        public long ValuesPerExample => model.ValuesPerExample;

        public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32) => model.Initial(seed, dtype);

        public torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory in use is read from the GNU C library.");
            var info = MallInfo2();
            InUse.Add((double)info.InUse + info.Mapped);
            return model.Forward(weights, inputs, statistics);
        }
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern Allocation MallInfo2();

    /// <summary>struct mallinfo2 of malloc.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Allocation
    {
        private readonly nuint arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;

        public nuint Mapped => hblkhd;

        public nuint InUse => uordblks;
    }
}
