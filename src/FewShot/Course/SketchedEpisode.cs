using FewShot.Data;
using FewShot.Episodes;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Course;

/// <summary>
/// A task about a character of one's own: five classes with one support image each, of which class 0 is the drawn one and the others
/// are characters of a set. The queries are further drawings of the own character by a shaky hand, then two of each other character.
/// </summary>
public sealed class SketchedEpisode : IDisposable
{
    private const int Others = 4, QueriesOfOthers = 2;
    private const double Wobble = 4;

    private SketchedEpisode(TaskBatch task) => Task = task;

    /// <summary>Shaky drawings of the own character: the first queries.</summary>
    public const int OwnQueries = 3;

    /// <summary>The task: 5 support images, 11 queries.</summary>
    public TaskBatch Task { get; }

    /// <summary>Support images, then queries, to be looked at: uint8, 16 x 1 x side x side.</summary>
    public torch.Tensor Pictures => (torch.cat([Task.SupportInputs[0], Task.QueryInputs[0]]).cpu() * 255).to(torch.uint8);

    /// <summary>The classes of the queries, in their order.</summary>
    public IReadOnlyList<long> QueryClasses => [.. Task.QueryTargets[0].cpu().data<long>()];

    /// <summary>Draws the own character, takes drawings of the other characters from a set, and stacks them all into a task.</summary>
    /// <param name="set">One-channel drawings to take the other characters from, as Omniglot's.</param>
    /// <param name="strokes">The own character, as <see cref="SketchPad.Write"/> takes it.</param>
    /// <param name="file">A PNG or JPEG of the own character, dark on white, to learn from in place of the strokes; null for none.</param>
    /// <param name="seed">Chooses the other characters.</param>
    /// <exception cref="FewShotException">There are no strokes, or the file is no drawing.</exception>
    public static SketchedEpisode Draw(ImageSet set, IReadOnlyList<(double X, double Y)[]> strokes, string? file = null, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var scope = torch.NewDisposeScope();
        var own = Own(strokes, file, set.Height);
        var others = new EpisodeSampler(set, new EpisodeOptions(Others, 1, QueriesOfOthers), seed).Next();
        using var images = new EpisodeImages(set);
        using var rest = images.Batch([others]);
        var mine = own.to(torch.float32).div(255).unsqueeze(0).to(rest.SupportInputs.device);
        torch.Tensor Stack(torch.Tensor drawn, torch.Tensor of) => torch.cat([drawn, of], 1);
        // The own character is class 0: the others move up by one.
        torch.Tensor Labels(int count, torch.Tensor of) => Stack(torch.zeros([1, count], torch.int64, of.device), of + 1);
        return new SketchedEpisode(new TaskBatch(
            Stack(mine.narrow(1, 0, 1), rest.SupportInputs),
            Labels(1, rest.SupportTargets),
            Stack(mine.narrow(1, 1, OwnQueries), rest.QueryInputs),
            Labels(OwnQueries, rest.QueryTargets)));
    }

    /// <inheritdoc/>
    public void Dispose() => Task.Dispose();

    /// <summary>uint8, 4 x 1 x side x side: the example, then the shaky ones.</summary>
    private static torch.Tensor Own(IReadOnlyList<(double X, double Y)[]> strokes, string? file, int side)
    {
        var desk = Path.Combine(Path.GetTempPath(), $"fewshot-drawing-{Guid.NewGuid():N}");
        try
        {
            var paths = Enumerable.Range(0, 1 + OwnQueries).Select(number => Path.Combine(desk, $"{number}.png")).ToArray();
            foreach (var (number, path) in paths.Index())
                SketchPad.Write(path, strokes, number == 0 ? 0 : Wobble, number);
            if (file is not null)
                paths[0] = file;
            return torch.stack([.. paths.Select(path => Drawing.Read(path, side))]);
        }
        finally
        {
            if (Directory.Exists(desk))
                Directory.Delete(desk, recursive: true);
        }
    }
}
