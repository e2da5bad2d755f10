using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>A classic Notebook server that serves one folder on this machine alone.</summary>
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

    public static async Task<NotebookServer> StartAsync(CourseJupyter jupyter, string folder)
    {
        var (port, token) = (FreePort(), Guid.NewGuid().ToString("N"));
        var process = await jupyter.StartAsync(
            Programs.ClassicNotebook(),
            "-m",
            "notebook",
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--port={port}"),
            "--port-retries=0",
            $"--NotebookApp.token={token}",
            $"--notebook-dir={folder}");
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

    public Uri Page(string notebook) => Address($"notebooks/{notebook}");

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
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
                using var answer = await client.GetAsync(Address("api/status"), TestContext.Current.CancellationToken);
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

    private Uri Address(string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{path}?token={token}"));

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
