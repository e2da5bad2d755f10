using FewShot.Runtime;
using NetMQ;
using NetMQ.Sockets;

namespace FewShot.Kernel.Jupyter;

/// <summary>A channel of the protocol.</summary>
internal enum KernelChannel
{
    /// <summary>Requests, answered one after another.</summary>
    Shell,

    /// <summary>Requests that must not wait for the shell's: interrupt, shutdown.</summary>
    Control,

    /// <summary>Outputs, to everyone who listens; what comes in is that somebody begins or ends to.</summary>
    Iopub,

    /// <summary>Questions to the person at the front end.</summary>
    Stdin,
}

/// <summary>
/// The five sockets. One thread owns them all, as ZeroMQ wants it: it receives, hands over, echoes heartbeats, and sends what others queue.
/// It never runs a cell's code, so the kernel answers while a cell runs.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    private const int MostFrames = 64;
    private const int MostBytes = 64 << 20;

    private readonly Action<KernelChannel, IReadOnlyList<byte[]>> received;
    private readonly Dictionary<KernelChannel, NetMQSocket> sockets = [];
    private readonly RouterSocket heartbeat = new();
    private readonly NetMQQueue<(KernelChannel Channel, IReadOnlyList<byte[]>? Frames)> outgoing = new();
    private readonly NetMQPoller poller = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int disposed;

    /// <summary>Binds where the connection file says.</summary>
    /// <param name="connection">Addresses.</param>
    /// <param name="received">Given the frames of every message that keeps the bounds, on the thread of the sockets.</param>
    /// <exception cref="FewShotException">An address is taken or not this machine's.</exception>
    public KernelSockets(ConnectionFile connection, Action<KernelChannel, IReadOnlyList<byte[]>> received)
    {
        this.received = received;
        try
        {
            Open(KernelChannel.Shell, new RouterSocket(), connection.Ip, connection.Shell);
            Open(KernelChannel.Control, new RouterSocket(), connection.Ip, connection.Control);
            Open(KernelChannel.Stdin, new RouterSocket(), connection.Ip, connection.Stdin);
            // This kind of publisher hears of its subscribers. Verbose: of each, not only of the first.
            Open(KernelChannel.Iopub, new XPublisherSocket(), connection.Ip, connection.Iopub);
            sockets[KernelChannel.Iopub].Options.XPubVerbose = true;
            Bind(heartbeat, connection.Ip, connection.Heartbeat);
        }
        catch
        {
            CloseSockets();
            throw;
        }

        heartbeat.ReceiveReady += (_, _) => Receive(heartbeat, frames => Send(heartbeat, frames));
        poller.Add(heartbeat);
        outgoing.ReceiveReady += (_, _) => SendQueued();
        poller.Add(outgoing);
        foreach (var (channel, socket) in sockets)
        {
            socket.ReceiveReady += (_, _) => Receive(socket, frames => this.received(channel, frames));
            poller.Add(socket);
        }
    }

    /// <summary>Begins to receive.</summary>
    public void Run() => poller.RunAsync("jupyter sockets", isBackgroundThread: true);

    /// <summary>Sends, in the order of the calls; any thread may call.</summary>
    public void Send(KernelChannel channel, IReadOnlyList<byte[]> frames)
    {
        if (Volatile.Read(ref disposed) == 0)
            outgoing.Enqueue((channel, frames));
    }

    /// <summary>Sends what is queued, then closes.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        outgoing.Enqueue((KernelChannel.Iopub, null));
        _ = stopped.Task.Wait(TimeSpan.FromSeconds(5));
        poller.Dispose();
        outgoing.Dispose();
        CloseSockets();
    }

    private void Open(KernelChannel channel, NetMQSocket socket, string ip, int port)
    {
        sockets.Add(channel, socket);
        // Nothing is dropped because a reader is slow; what a cell may print is bounded elsewhere.
        socket.Options.SendHighWatermark = 0;
        Bind(socket, ip, port);
    }

    private static void Bind(NetMQSocket socket, string ip, int port)
    {
        socket.Options.Linger = TimeSpan.FromSeconds(1);
        socket.Options.MaxMsgSize = MostBytes;
        try
        {
            socket.Bind(FormattableString.Invariant($"tcp://{ip}:{port}"));
        }
        catch (Exception e) when (e is NetMQException or System.Net.Sockets.SocketException)
        {
            throw new FewShotException(
                $"The kernel cannot listen at {ip}:{port}: {e.Message} Another program may use that port; start the kernel again.", e);
        }
    }

    private void SendQueued()
    {
        while (outgoing.TryDequeue(out var item, TimeSpan.Zero))
        {
            if (item.Frames is not null)
            {
                Send(sockets[item.Channel], item.Frames);
                continue;
            }

            poller.StopAsync();
            stopped.TrySetResult();
            return;
        }
    }

    private static void Send(NetMQSocket socket, IReadOnlyList<byte[]> frames)
    {
        for (var i = 0; i < frames.Count; i++)
            socket.SendFrame(frames[i], more: i < frames.Count - 1);
    }

    /// <summary>Takes one message off the socket, and hands it over where it keeps the bounds.</summary>
    private static void Receive(NetMQSocket socket, Action<IReadOnlyList<byte[]>> take)
    {
        var frames = new List<byte[]>();
        long bytes = 0;
        var tooLarge = false;
        var frame = default(Msg);
        frame.InitEmpty();
        try
        {
            if (!socket.TryReceive(ref frame, TimeSpan.Zero))
                return;
            while (true)
            {
                bytes += frame.Size;
                tooLarge |= frames.Count == MostFrames || bytes > MostBytes;
                if (!tooLarge)
                    frames.Add(frame.Slice().ToArray());
                if (!frame.HasMore)
                    break;
                socket.Receive(ref frame);
            }
        }
        finally
        {
            frame.Close();
        }

        if (!tooLarge)
            take(frames);
    }

    private void CloseSockets()
    {
        foreach (var socket in sockets.Values)
            socket.Dispose();
        heartbeat.Dispose();
    }
}
