using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FewShot.Tests.Data;

/// <summary>A web server for one test: answers each request as the test says, byte by byte if it must.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Request, Task> answer;
    private readonly List<Request> requests = [];

    public LocalServer(Func<Request, Task> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What was asked for so far.</summary>
    public IReadOnlyList<Request> Requests => requests;

    public Uri Address(string path) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{path}");

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = new StringBuilder();
                var one = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, stop.Token) == 1)
                    head.Append((char)one[0]);
                var request = new Request(head.ToString(), stream, stop.Token);
                requests.Add(request);
                await answer(request);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client hung up, or the test is over.
            }
        }
    }

    internal sealed class Request(string head, Stream stream, CancellationToken stop)
    {
        public string Path { get; } = head.Split(' ')[1];

        /// <summary>Where the client wants to go on, or null when it wants all.</summary>
        public int? From { get; } = head.Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase)) is { } line
            ? int.Parse(line["Range: bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture)
            : null;

        public CancellationToken Stop => stop;

        public Task HeadAsync(string status, params string[] headers) =>
            stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Connection: close\r\n\r\n"),
                stop).AsTask();

        public async Task SendAsync(ReadOnlyMemory<byte> content)
        {
            await stream.WriteAsync(content, stop);
            await stream.FlushAsync(stop);
        }

        /// <summary>
        /// The whole content or the range that was asked for, as a good server does; <paramref name="breakAfter"/> bytes of it where given.
        /// </summary>
        public async Task SendFileAsync(byte[] content, int? breakAfter = null, bool ranges = true)
        {
            var from = ranges ? From ?? 0 : 0;
            if (from > 0)
                await HeadAsync(
                    "206 Partial Content",
                    $"Content-Length: {content.Length - from}",
                    $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}");
            else
                await HeadAsync("200 OK", $"Content-Length: {content.Length}");
            await SendAsync(content.AsMemory(from, breakAfter ?? content.Length - from));
        }
    }
}
