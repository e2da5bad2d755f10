using FewShot.Runtime;
using FewShot.Tests.Data;

namespace FewShot.Tests;

/// <summary>The warnings of one test, and a place that nothing can be written to, whoever runs it: below a file.</summary>
internal sealed class HeardWarnings : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> lines = [];

    public HeardWarnings()
    {
        BlockedFolder = Path.Combine(folder.Write("file", [1]), "folder");
        Warnings.Receiver = lines.Add;
    }

    public IReadOnlyList<string> Lines => lines;

    public string BlockedFolder { get; }

    public void Dispose()
    {
        Warnings.Receiver = null;
        folder.Dispose();
    }
}
