using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class CoverageTests : IDisposable
{
    private readonly IDisposable scope;

    public CoverageTests()
    {
        Torch.Load();
        scope = torch.NewDisposeScope();
    }

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_AskAboutWhatIsUnlike_When_TheRestIsLabelled()
    {
        var labelled = torch.tensor(new float[,] { { 1, 0, 0 }, { 0.9f, 0.1f, 0 } });
        var unlabelled = torch.tensor(new float[,] { { 1, 0.1f, 0 }, { 0, 1, 0 }, { 0.1f, 0.9f, 0 }, { 0.1f, 1, 0 }, { 0, 0, 1 } });
        Assert.Contains(Coverage.Choose(labelled, unlabelled, 1)[0], new[] { 1, 2, 3 });
    }

    [Fact]
    public void Should_ChooseAsTheSumSays_When_ItIsWrittenOutInFull()
    {
        using var generator = new torch.Generator(5, torch.CPU);
        var labelled = torch.randn([3, 6], generator: generator);
        var unlabelled = torch.randn([12, 6], generator: generator);
        Assert.Equal(InFull(labelled, unlabelled, 5), Coverage.Choose(labelled, unlabelled, 5));
    }

    [Fact]
    public void Should_NameEachOnce_When_AllAreAskedFor()
    {
        var unlabelled = torch.ones(4, 3);
        Assert.Equal([0, 1, 2, 3], Coverage.Choose(torch.eye(3), unlabelled, 4).Order());
    }

    private static int[] InFull(torch.Tensor labelled, torch.Tensor unlabelled, int count)
    {
        var all = torch.cat([labelled, unlabelled]);
        var flat = (all - all.mean([0])).data<float>().ToArray();
        var rows = flat.Chunk(6).Select(row => row.Select(value => (double)value).ToArray()).ToArray();
        double Likeness(int a, int b)
        {
            double Length(double[] row) => Math.Sqrt(row.Sum(value => value * value));
            return Math.Max(0, rows[a].Zip(rows[b], (x, y) => x * y).Sum() / (Length(rows[a]) * Length(rows[b])));
        }

        var known = Enumerable.Range(0, 3).ToList();
        double Sum(IEnumerable<int> chosen) => Enumerable.Range(0, 15).Sum(photo => chosen.Max(one => Likeness(photo, one)));
        for (var i = 0; i < count; i++)
            known.Add(Enumerable.Range(3, 12).Except(known).MaxBy(candidate => Sum(known.Append(candidate))));
        return [.. known.Skip(3).Select(photo => photo - 3)];
    }
}
