using System.Globalization;
using System.Runtime.InteropServices;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>One meta-batch, one model and first weights: what a meta-iteration is measured on. Owns its tensors.</summary>
internal sealed class MetaSubject : IDisposable
{
    private MetaSubject(string name, IFunctionalModel model, MamlOptions options, TaskBatch tasks) =>
        (Name, Model, Options, Tasks, Initial) = (name, model, options, tasks, model.Initial(0));

    public string Name { get; }

    public IFunctionalModel Model { get; }

    public MamlOptions Options { get; }

    public TaskBatch Tasks { get; }

    public ModelWeights Initial { get; }

    /// <summary>The protocol of the sinusoid: 25 tasks, 10 support and 10 query points.</summary>
    public static MetaSubject Sinusoid(int steps)
    {
        using var scope = torch.NewDisposeScope();
        const int tasks = 25, points = 10;
        var x = Numbers("x", tasks, 2 * points, 1) * 5;
        var y = (Numbers("amplitude", tasks, 1, 1) + 2) * torch.sin(x - Numbers("phase", tasks, 1, 1));
        return new MetaSubject(
            $"sinusoid, {tasks} tasks of {points} + {points} points, MLP 1-40-40-1, {Steps(steps)}",
            new Mlp(1, 40, 40, 1), new MamlOptions { InnerSteps = steps }, Split(x, y, points));
    }

    /// <summary>The protocol of Omniglot with 5 ways: 32 tasks, as many query as support images, one step.</summary>
    public static MetaSubject Omniglot(int shots)
    {
        using var scope = torch.NewDisposeScope();
        const int tasks = 32, ways = 5;
        var images = (Numbers("images", tasks, 2 * ways * shots, 1, 28, 28) > 0.7).to(torch.float32);
        var labels = torch.arange(ways).repeat(tasks, 2 * shots);
        var unit = shots == 1 ? "shot" : "shots";
        return new MetaSubject(
            $"Omniglot-sized images, {tasks} tasks of {ways} ways and {shots} {unit}, Conv4 with 64 filters, {Steps(1)}",
            new Conv4(Conv4Options.Omniglot), MamlOptions.OmniglotFiveWay, Split(images, labels, ways * shots));
    }

    /// <summary>
    /// A training whose every iteration meets the same meta-batch, in chunks of so many tasks; null for the library's own choice.
    /// </summary>
    public MetaTrainer Trainer(int? chunk, out MetaLearner learner)
    {
        learner = new Maml(Model, Initial, Options with { ChunkSize = chunk });
        var options = new MetaTrainerOptions { Iterations = 1_000_000, ReportEvery = 1_000_000 };
        return new MetaTrainer(learner, new Same(Tasks), options: options);
    }

    /// <summary>The meta-gradient of the first weights in float64, value by value in PyTorch's order.</summary>
    public double[] Gradient(int? chunk = null)
    {
        using var scope = torch.NewDisposeScope();
        using var initial = new ModelWeights(Model.Weights, torch.ScalarType.Float64);
        _ = initial.Flat.copy_(Initial.Flat);
        using var learner = new Maml(Model, initial, Options with { ChunkSize = chunk });
        torch.Tensor Wide(torch.Tensor tensor) => tensor.is_floating_point() ? tensor.to(torch.float64) : tensor.clone();
        using var tasks = new TaskBatch(
            Wide(Tasks.SupportInputs), Wide(Tasks.SupportTargets), Wide(Tasks.QueryInputs), Wide(Tasks.QueryTargets));
        using var gradient = learner.Gradient(tasks);
        return [.. ModelWeights.Views(gradient.Gradient, Model.Weights).SelectMany(part => part.contiguous().data<double>().ToArray())];
    }

    /// <summary>Writes tasks and weights as float32 for a peer.</summary>
    /// <returns>The file.</returns>
    public string Write(string folder)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] tensors = [Tasks.SupportInputs, Tasks.SupportTargets, Tasks.QueryInputs, Tasks.QueryTargets, .. Initial.Tensors];
        var path = Path.Combine(folder, "subject");
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(Flat(tensors).ToArray()).ToArray());
        return path;
    }

    /// <summary>
    /// The arguments of a peer: file, where its gradient goes, tasks, examples of a set, inner steps, inner rate, threads.
    /// </summary>
    public IReadOnlyList<string> Arguments(string folder) =>
    [
        Write(folder),
        Path.Combine(folder, "gradient"),
        .. new[] { Tasks.Count, Tasks.SupportCount, Options.InnerSteps }.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Options.InnerLearningRate.ToString(CultureInfo.InvariantCulture),
        torch.get_num_threads().ToString(CultureInfo.InvariantCulture),
    ];

    public void Dispose()
    {
        Tasks.Dispose();
        Initial.Dispose();
    }

    /// <summary>Says how far two meta-gradients lie apart, and refuses to compare the times of different work.</summary>
    public static void Compare(TextWriter output, double[] ours, double[] theirs, double tolerance)
    {
        var difference = ours.Length == theirs.Length
            ? Math.Sqrt(ours.Zip(theirs).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / theirs.Sum(value => Math.Pow(value, 2)))
            : double.PositiveInfinity;
        output.WriteLine($"The two meta-gradients differ by {difference:E1} of their length in float64 (at most {tolerance:E0}).");
        if (!(difference <= tolerance))
        {
            throw new FewShotException(
                $"The two sides do not compute the same meta-gradient: they differ by {difference:E1} of its length.");
        }
    }

    private sealed record Same(TaskBatch Tasks) : ITaskSource
    {
        public string Identity => "one meta-batch";

        public TaskBatch Draw(long iteration) => Tasks.Slice(0, Tasks.Count);
    }

    private static string Steps(int steps) => $"{steps} inner {(steps == 1 ? "step" : "steps")}, second order";

    private static TaskBatch Split(torch.Tensor inputs, torch.Tensor targets, int support) => new(
        inputs.narrow(1, 0, support).contiguous(),
        targets.narrow(1, 0, support).contiguous(),
        inputs.narrow(1, support, support).contiguous(),
        targets.narrow(1, support, support).contiguous());

    private static IEnumerable<float> Flat(IEnumerable<torch.Tensor> tensors) =>
        tensors.SelectMany(tensor => tensor.to(torch.float32).contiguous().data<float>().ToArray());

    /// <summary>Numbers from -1 to 1 by formula.</summary>
    private static torch.Tensor Numbers(string name, params long[] shape) => (Formula.Pixels(name, shape).to(torch.float32) / 127.5) - 1;
}
