using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>A server of notebooks that serves one folder on this machine alone.</summary>
internal sealed class NotebookServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process process;
    private readonly int port;
    private readonly string token;
    private readonly StringBuilder log = new();

    private NotebookServer(Process process, int port, string token)
    {
        (this.process, this.port, this.token) = (process, port, token);
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The classic Notebook.</summary>
    public static Task<NotebookServer> ClassicAsync(CourseJupyter jupyter, string folder) => StartAsync((port, token) => jupyter.StartAsync(
        Programs.ClassicNotebook(),
        "-m",
        "notebook",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        $"--port={port}",
        "--port-retries=0",
        $"--NotebookApp.token={token}",
        $"--notebook-dir={folder}"));

    /// <summary>JupyterLab, which here asks for no token.</summary>
    public static Task<NotebookServer> LabAsync(CourseJupyter jupyter, string folder) => StartAsync((port, _) =>
        jupyter.StartAsync(Programs.JupyterLabScript, "serve", Programs.JupyterLab(), port, folder));

    public Uri Page(string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{path}?token={token}"));

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<NotebookServer> StartAsync(Func<string, string, Task<Process>> start)
    {
        var (port, token) = (FreePort(), Guid.NewGuid().ToString("N"));
        var process = await start(port.ToString(CultureInfo.InvariantCulture), token);
        var server = new NotebookServer(process, port, token);
        try
        {
            await server.AnswersAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private async Task AnswersAsync()
    {
        using var client = new HttpClient();
        for (var until = DateTime.UtcNow + Patience;
            DateTime.UtcNow < until && !process.HasExited;
            await Task.Delay(200, TestContext.Current.CancellationToken))
        {
            try
            {
                using var answer = await client.GetAsync(Page("api/status"), TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // The server does not listen yet.
            }
        }

        lock (log)
            Assert.Fail($"The notebook server does not answer:\n{log}");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (log)
            log.AppendLine(line.Data);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
