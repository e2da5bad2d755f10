using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Episodes;

/// <summary>
/// The regression tasks of Finn et al. 2017, section 5.1: sine waves with an amplitude drawn evenly from [0.1, 5] and a phase from [0, pi],
/// known at a few points x drawn evenly from [-5, 5]. Task number n of a seed depends on seed and n alone.
/// </summary>
public sealed class SinusoidTasks : ITaskSource
{
    /// <summary>Points lie between minus this and this.</summary>
    public const double Reach = 5;

    /// <summary>No wave of the family goes higher than this, or lower than minus this.</summary>
    public const double HighestAmplitude = 5;

    private const double LowestAmplitude = 0.1;

    private readonly int shot;
    private readonly int query;
    private readonly int tasks;
    private readonly long seed;
    private readonly torch.Device device;

    /// <summary>A source of meta-batches.</summary>
    /// <param name="shot">Support points of a task: 5, 10 or 20 in the paper.</param>
    /// <param name="query">Query points of a task; as many as support points where null, as in the paper's training.</param>
    /// <param name="tasks">Tasks in a meta-batch.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <exception cref="FewShotException">A count is below 1.</exception>
    public SinusoidTasks(int shot = 10, int? query = null, int tasks = 25, long seed = 0, torch.Device? device = null)
    {
        if (shot < 1 || query < 1 || tasks < 1)
        {
            throw new FewShotException(string.Create(
                CultureInfo.InvariantCulture,
                $"Sine waves need at least one support point, one query point and one task; "
                + $"asked for {shot}, {query ?? shot} and {tasks}."));
        }

        this.shot = shot;
        this.query = query ?? shot;
        this.tasks = tasks;
        this.seed = seed;
        this.device = device ?? Torch.Device;
    }

    /// <inheritdoc/>
    public string Identity =>
        string.Create(CultureInfo.InvariantCulture, $"{tasks} sine waves, {shot} support and {query} query points, seed {seed}");

    /// <summary>The wave of task number <paramref name="number"/>.</summary>
    public Sinusoid Wave(long number) => Wave(new StableRandom(seed, number));

    /// <summary>Tasks <c>iteration x tasks</c> and following.</summary>
    /// <returns>float32, tasks x points x 1; the caller disposes it.</returns>
    public TaskBatch Draw(long iteration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        var (support, queries) = (new Points(tasks * shot), new Points(tasks * query));
        for (var task = 0; task < tasks; task++)
        {
            var random = new StableRandom(seed, (iteration * tasks) + task);
            var wave = Wave(random);
            support.Add(wave, random, shot);
            queries.Add(wave, random, query);
        }

        using var scope = torch.NewDisposeScope();
        return new TaskBatch(Column(support.X, shot), Column(support.Y, shot), Column(queries.X, query), Column(queries.Y, query));
    }

    private static Sinusoid Wave(StableRandom random) => new(random.Uniform(LowestAmplitude, HighestAmplitude), random.Uniform(0, Math.PI));

    private torch.Tensor Column(float[] values, int points) => torch.tensor(values, [tasks, points, 1], torch.float32).to(device);

    private sealed class Points(int count)
    {
        private int next;

        public float[] X { get; } = new float[count];

        public float[] Y { get; } = new float[count];

        public void Add(Sinusoid wave, StableRandom random, int points)
        {
            for (var i = 0; i < points; i++, next++)
            {
                var x = random.Uniform(-Reach, Reach);
                (X[next], Y[next]) = ((float)x, (float)wave.At(x));
            }
        }
    }
}
