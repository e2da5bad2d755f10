using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Kernel.Sessions;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace FewShot.Kernel.Tests.Sessions;

/// <summary>A session in a folder of its own, and what its cells showed.</summary>
public sealed class TestSession : IDisposable
{
    private readonly Session session;
    private int count;

    public TestSession()
        : this([])
    {
    }

    internal TestSession(params IReadOnlyList<IDisplayRenderer> renderers)
    {
        Folder = Directory.CreateTempSubdirectory("fewshot-session-").FullName;
        session = new Session(new SessionOptions { Folder = Folder, PackageCache = Path.Combine(Folder, "cache"), Renderers = renderers });
    }

    public string Folder { get; }

    public Task<(CellResult Result, List<CellOutput> Outputs)> Run(string code, Action<CellOutput>? also = null) =>
        RunUntil(TestContext.Current.CancellationToken, code, also);

    public async Task<(CellResult Result, List<CellOutput> Outputs)> RunUntil(
        CancellationToken cancellation, string code, Action<CellOutput>? also = null, Func<string, bool, string?>? ask = null)
    {
        var outputs = new List<CellOutput>();
        var result = await session.ExecuteAsync(
            new Cell(++count, code),
            output =>
            {
                lock (outputs)
                    outputs.Add(output);
                also?.Invoke(output);
            },
            cancellation,
            ask);
        return (result, outputs);
    }

    /// <summary>The text form of a cell's value.</summary>
    public async Task<string> Value(string code)
    {
        var (result, outputs) = await Run(code);
        Assert.True(result.Status == CellStatus.Succeeded, string.Join('\n', result.Error?.Trace ?? []));
        return Assert.Single(outputs.OfType<ResultOutput>()).Data["text/plain"];
    }

    /// <summary>The report of a cell that must fail.</summary>
    public async Task<IReadOnlyList<string>> Failure(string code)
    {
        var (result, _) = await Run(code);
        Assert.NotNull(result.Error);
        return result.Error.Trace;
    }

    /// <summary>What may be written at the end of the code.</summary>
    public Completions Complete(string code) => session.Complete(code, code.Length);

    /// <summary>What is told of the place that the bar marks.</summary>
    public string? Inspect(string marked)
    {
        var at = marked.IndexOf('|', StringComparison.Ordinal);
        return session.Inspect(marked.Remove(at, 1), at);
    }

    /// <summary>What may be written at the place that the bar marks.</summary>
    public IReadOnlyList<string> Words(string marked)
    {
        var at = marked.IndexOf('|', StringComparison.Ordinal);
        return [.. session.Complete(marked.Remove(at, 1), at).Items.Select(item => item.Text)];
    }

    public void Dispose()
    {
        session.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
