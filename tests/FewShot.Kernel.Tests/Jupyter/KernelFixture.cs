using FewShot.Charts;
using FewShot.Kernel.Display;
using FewShot.Kernel.Jupyter;
using FewShot.Kernel.Sessions;
using FewShot.Runtime;
using NetMQ;

namespace FewShot.Kernel.Tests.Jupyter;

/// <summary>A kernel in this process and a client of it.</summary>
public sealed class KernelFixture : IDisposable
{
    private readonly TextReader input = Console.In;
    private readonly IProgress<StepProgress> progress = ProgressSink.Current;
    private readonly TestFolder folder = new();
    private readonly JupyterKernel kernel;

    public KernelFixture()
    {
        Connection = JupyterClient.NewConnection();
        var options = new SessionOptions
        {
            Folder = folder.Path,
            Renderers = [new ChartRenderer(chart => ChartHtml.StillPng(chart))],
        };
        kernel = new JupyterKernel(Connection, options, Refused.Add);
        Console.SetIn(new CellInput());
        ProgressSink.Current = new NotebookProgress();
        Client = new JupyterClient(Connection);
        Client.WaitUntilReady();
    }

    internal ConnectionFile Connection { get; }

    internal JupyterClient Client { get; }

    internal List<string> Refused { get; } = [];

    internal Task Ended => kernel.Ended;

    public void Dispose()
    {
        Client.Dispose();
        kernel.Dispose();
        // NetMQ's threads would keep the test program alive.
        NetMQConfig.Cleanup(block: false);
        ProgressSink.Current = progress;
        Console.SetIn(input);
        folder.Dispose();
    }
}
