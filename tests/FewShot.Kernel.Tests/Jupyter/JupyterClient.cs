using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FewShot.Kernel.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace FewShot.Kernel.Tests.Jupyter;

/// <summary>A message as the client sees it.</summary>
internal sealed record Received(string Type, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    public string? ParentId => (string?)Parent["msg_id"];
}

/// <summary>
/// The front end's side of the protocol, written from its specification and independent of the kernel's own reading and signing. One
/// thread uses it.
/// </summary>
internal sealed class JupyterClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A kernel that has just started is found at once, not at the next tenth of a second.
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(5);

    private readonly byte[] key;
    private readonly string publications;
    private readonly string session = Guid.NewGuid().ToString("N");
    private readonly SubscriberSocket iopub = new();
    private readonly RequestSocket heartbeat = new();
    private readonly List<Received> published = [];

    public JupyterClient(ConnectionFile connection)
    {
        key = connection.Key;
        // One identity on shell and stdin: that is how the kernel knows whom to ask.
        var identity = Encoding.ASCII.GetBytes(session);
        foreach (var socket in new[] { Shell, Control, Stdin })
        {
            socket.Options.Identity = identity;
            socket.Options.SendHighWatermark = 0;
        }

        foreach (var socket in new NetMQSocket[] { Shell, Control, Stdin, iopub, heartbeat })
            socket.Options.ReconnectInterval = Retry;
        iopub.Options.ReceiveHighWatermark = 0;
        Shell.Connect(At(connection.Shell));
        Control.Connect(At(connection.Control));
        Stdin.Connect(At(connection.Stdin));
        publications = At(connection.Iopub);
        iopub.Connect(publications);
        iopub.SubscribeToAnyTopic();
        heartbeat.Connect(At(connection.Heartbeat));

        string At(int port) => FormattableString.Invariant($"tcp://{connection.Ip}:{port}");
    }

    public DealerSocket Shell { get; } = new();

    public DealerSocket Control { get; } = new();

    public DealerSocket Stdin { get; } = new();

    /// <summary>Metadata of the messages that are sent.</summary>
    public JsonObject Metadata { get; set; } = [];

    /// <summary>All that was published so far and read.</summary>
    public IReadOnlyList<Received> Published => published;

    /// <summary>Ports that are free at this moment, and a key.</summary>
    public static ConnectionFile NewConnection()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Stop());
        var newKey = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString());
        return new ConnectionFile("127.0.0.1", ports[0], ports[1], ports[2], ports[3], ports[4], newKey);
    }

    public static string WriteFile(ConnectionFile connection, string path)
    {
        File.WriteAllText(path, new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = connection.Ip,
            ["signature_scheme"] = "hmac-sha256",
            ["key"] = Encoding.UTF8.GetString(connection.Key),
            ["shell_port"] = connection.Shell,
            ["control_port"] = connection.Control,
            ["iopub_port"] = connection.Iopub,
            ["stdin_port"] = connection.Stdin,
            ["hb_port"] = connection.Heartbeat,
        }.ToJsonString());
        return path;
    }

    /// <summary>Waits until the kernel answers and its publications arrive.</summary>
    public void WaitUntilReady()
    {
        for (var until = DateTime.UtcNow + Patience; DateTime.UtcNow < until;)
        {
            var id = Send(Shell, "kernel_info_request", []);
            _ = Reply(Shell, id);
            if (TryRead(iopub, TimeSpan.FromMilliseconds(300)) is null)
                continue;
            while (TryRead(iopub, TimeSpan.FromMilliseconds(50)) is not null)
            {
                // What came while the subscription was under way belongs to no test.
            }

            return;
        }

        throw new TimeoutException("The kernel did not publish anything.");
    }

    public string Send(DealerSocket socket, string type, JsonObject content, JsonObject? parent = null)
    {
        var frames = Frames(type, content, out var id, parent);
        Send(socket, frames);
        return id;
    }

    public static void Send(DealerSocket socket, IReadOnlyList<byte[]> frames)
    {
        for (var i = 0; i < frames.Count; i++)
            socket.SendFrame(frames[i], i < frames.Count - 1);
    }

    public List<byte[]> Frames(string type, JsonObject content, out string id, JsonObject? parent = null)
    {
        id = Guid.NewGuid().ToString("N");
        var header = new JsonObject
        {
            ["msg_id"] = id,
            ["session"] = session,
            ["username"] = "tester",
            ["date"] = "2026-01-02T03:04:05.678Z",
            ["msg_type"] = type,
            ["version"] = "5.4",
        };
        return Sign([Bytes(header), Bytes(parent ?? []), Bytes(Metadata), Bytes(content)]);
    }

    public List<byte[]> Sign(IReadOnlyList<byte[]> parts) => [Encoding.ASCII.GetBytes("<IDS|MSG>"), Signature(parts), .. parts];

    /// <summary>Waits for the answer to a request.</summary>
    public Received Reply(DealerSocket socket, string id)
    {
        for (var until = DateTime.UtcNow + Patience; DateTime.UtcNow < until;)
        {
            if (TryRead(socket, Patience) is { } message && message.ParentId == id)
                return message;
        }

        throw new TimeoutException("The kernel did not answer.");
    }

    /// <summary>A request and its answer, on shell.</summary>
    public Received Ask(string type, JsonObject content)
    {
        var id = Send(Shell, type, content);
        return Reply(Shell, id);
    }

    public string Execute(string code, bool allowStdin = false, JsonObject? more = null)
    {
        var content = more ?? [];
        content["code"] = code;
        content["allow_stdin"] = allowStdin;
        return Send(Shell, "execute_request", content);
    }

    /// <summary>Runs a cell to its end.</summary>
    /// <returns>The reply, and all that was published for it.</returns>
    public (Received Reply, List<Received> Outputs) Run(string code, JsonObject? more = null)
    {
        var id = Execute(code, more: more);
        var reply = Reply(Shell, id);
        return (reply, UntilIdle(id));
    }

    /// <summary>What is published for a request, from busy to idle.</summary>
    public List<Received> UntilIdle(string id)
    {
        UntilPublished(message =>
            message.ParentId == id && message.Type == "status" && (string?)message.Content["execution_state"] == "idle");
        return [.. published.Where(message => message.ParentId == id)];
    }

    /// <summary>Reads publications until one is as wanted.</summary>
    public Received UntilPublished(Func<Received, bool> wanted)
    {
        var seen = 0;
        for (var until = DateTime.UtcNow + Patience; DateTime.UtcNow < until;)
        {
            for (; seen < published.Count; seen++)
            {
                if (wanted(published[seen]))
                    return published[seen];
            }

            _ = TryRead(iopub, TimeSpan.FromSeconds(1));
        }

        var last = published.TakeLast(10).Select(message => message.Type + " " + message.Content.ToJsonString());
        throw new TimeoutException($"Not published. Last: {string.Join(", ", last)}");
    }

    /// <summary>What a new listener hears first.</summary>
    public Received Listen(string topic)
    {
        using var listener = new SubscriberSocket();
        listener.Options.Linger = TimeSpan.Zero;
        listener.Connect(publications);
        listener.Subscribe(topic);
        return TryRead(listener, Patience) ?? throw new TimeoutException("The kernel did not publish anything.");
    }

    public Received Question() => TryRead(Stdin, Patience) ?? throw new TimeoutException("The kernel did not ask.");

    public byte[] Beat(byte[] data)
    {
        heartbeat.SendFrame(data);
        return heartbeat.TryReceiveFrameBytes(Patience, out var echo) ? echo : throw new TimeoutException("No heartbeat.");
    }

    /// <summary>The text of a stream.</summary>
    public static string Text(IEnumerable<Received> messages, string stream = "stdout") =>
        string.Concat(messages
            .Where(message => message.Type == "stream" && (string?)message.Content["name"] == stream)
            .Select(message => (string?)message.Content["text"]));

    public void Dispose()
    {
        foreach (NetMQSocket socket in new NetMQSocket[] { Shell, Control, Stdin, iopub, heartbeat })
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Dispose();
        }
    }

    private Received? TryRead(NetMQSocket socket, TimeSpan patience)
    {
        var frames = new List<byte[]>();
        if (!socket.TryReceiveMultipartBytes(patience, ref frames!))
            return null;
        var at = frames.FindIndex(frame => frame.AsSpan().SequenceEqual("<IDS|MSG>"u8));
        if (at < 0 || frames.Count != at + 6 || !frames[at + 1].AsSpan().SequenceEqual(Signature([.. frames.Skip(at + 2)])))
            throw new InvalidDataException($"A message of {frames.Count} frames is not whole, or wrongly signed.");
        var header = Object(frames[at + 2]);
        var message = new Received((string)header["msg_type"]!, header, Object(frames[at + 3]), Object(frames[at + 5]));
        if (socket == iopub)
            published.Add(message);
        return message;
    }

    private byte[] Signature(IReadOnlyList<byte[]> parts) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(key, parts.SelectMany(part => part).ToArray())));

    private static JsonObject Object(byte[] part) => (JsonObject)JsonNode.Parse(part)!;

    private static byte[] Bytes(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
