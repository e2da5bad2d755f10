using System.Text.Json.Nodes;
using System.Threading.Channels;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Sessions;
using FewShot.Runtime;

namespace FewShot.Kernel.Jupyter;

/// <summary>
/// A Jupyter kernel (messaging protocol 5.4): receives requests, answers them through one session, and says before and after each that it
/// is busy and idle. Requests of the shell channel are answered one after another, those of the control channel beside them.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    private const byte Subscribes = 1;
    private const int LongestTopic = 1000;

    private readonly MessageCodec codec;
    private readonly KernelSockets sockets;
    private readonly CellExecutor executor;
    private readonly StandardInput input;
    private readonly Channel<JupyterMessage> shell =
        Channel.CreateUnbounded<JupyterMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<JupyterMessage> control =
        Channel.CreateUnbounded<JupyterMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string> log;
    private long received;

    /// <summary>Binds the sockets and begins to answer.</summary>
    /// <param name="connection">Where, and with which key.</param>
    /// <param name="options">The session's.</param>
    /// <param name="log">Takes a line for each message that is refused.</param>
    /// <exception cref="FewShotException">An address is taken.</exception>
    public JupyterKernel(ConnectionFile connection, SessionOptions options, Action<string>? log = null)
    {
        this.log = log ?? (_ => { });
        codec = new MessageCodec(connection.Key);
        input = new StandardInput((request, content) =>
            Send(KernelChannel.Stdin, "input_request", content, request.HeaderBytes, request.Identities));
        sockets = new KernelSockets(connection, Receive);
        // Not in its constructor: what is received may be answered at once, through this very object.
        sockets.Run();
        // Last of the three, because it sets the compiler to work: whoever waits for the kernel should not wait for that too.
        executor = new CellExecutor(options, input, Publish);
        Publish("status", new JsonObject { ["execution_state"] = "starting" }, null);
        _ = Task.Run(() => AnswerAll(KernelChannel.Shell, shell.Reader));
        _ = Task.Run(() => AnswerAll(KernelChannel.Control, control.Reader));
    }

    /// <summary>Ends when a front end has asked the kernel to shut down.</summary>
    public Task Ended => ended.Task;

    /// <summary>Stops the cell that runs, if one does.</summary>
    public void Interrupt() => executor.Interrupt();

    /// <summary>Tells the front end, at the last moment, why the process ends while a cell runs.</summary>
    /// <param name="reason">A sentence.</param>
    public void Explain(string reason)
    {
        if (executor.Running is not { } request)
            return;
        var error = new ErrorOutput("KernelEnded", reason, [reason]);
        Publish("error", CellPublisher.ErrorContent(error), request.HeaderBytes);
        var content = CellPublisher.ErrorContent(error);
        content["status"] = "error";
        content["execution_count"] = executor.ExecutionCount;
        Send(KernelChannel.Shell, "execute_reply", content, request.HeaderBytes, request.Identities);
        PublishState("idle", request);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        shell.Writer.TryComplete();
        control.Writer.TryComplete();
        executor.Interrupt();
        sockets.Dispose();
        executor.Dispose();
    }

    /// <summary>Called on the sockets' thread: checks, and hands over.</summary>
    private void Receive(KernelChannel channel, IReadOnlyList<byte[]> frames)
    {
        if (channel == KernelChannel.Iopub)
        {
            Welcome(frames);
            return;
        }

        JupyterMessage message;
        try
        {
            message = codec.Parse(frames);
        }
        catch (RefusedMessageException e)
        {
            log($"A message on {channel.ToString().ToLowerInvariant()} was refused: {e.Message}.");
            return;
        }

        switch (channel)
        {
            case KernelChannel.Stdin:
                if (message.Type == "input_reply")
                    input.Answer(message);
                break;
            case KernelChannel.Control:
                control.Writer.TryWrite(message);
                break;
            default:
                Interlocked.Increment(ref received);
                shell.Writer.TryWrite(message);
                break;
        }
    }

    /// <summary>
    /// Tells whoever has begun to listen that this is so: until then, a front end cannot know whether it misses something.
    /// </summary>
    private void Welcome(IReadOnlyList<byte[]> frames)
    {
        if (frames is not [[Subscribes, .. { Length: <= LongestTopic } topic]])
            return;
        var content = new JsonObject { ["subscription"] = System.Text.Encoding.UTF8.GetString(topic) };
        Send(KernelChannel.Iopub, "iopub_welcome", content, null, [topic]);
    }

    private async Task AnswerAll(KernelChannel channel, ChannelReader<JupyterMessage> requests)
    {
        long answered = 0, abortedUntil = 0;
        await foreach (var request in requests.ReadAllAsync())
        {
            answered++;
            PublishState("busy", request);
            JsonObject? reply;
            try
            {
                reply = request.Type == "execute_request" && answered <= abortedUntil
                    // Without a number: front ends would write it beside the cell, as though that had run.
                    ? new JsonObject { ["status"] = "aborted" }
                    : await Answer(request);
                // After a failure, what was already sent (the rest of "run all") is not run.
                if (request.Type == "execute_request" && (string?)reply?["status"] == "error" && executor.StopOnError)
                    abortedUntil = Interlocked.Read(ref received);
            }
            catch (BadRequestException e)
            {
                reply = Error("BadRequest", $"{request.Type}: {e.Message}.");
            }
            catch (Exception e)
            {
                // Whatever a formatter or the compiler throws: one request fails, the kernel stays.
                reply = Error(e.GetType().Name, e.Message);
            }

            if (reply is not null)
                Send(channel, ReplyType(request.Type), reply, request.HeaderBytes, request.Identities);
            PublishState("idle", request);
            if (request.Type == "shutdown_request")
                ended.TrySetResult();
        }
    }

    /// <summary>The reply's content; null for messages that have no reply.</summary>
    private async Task<JsonObject?> Answer(JupyterMessage request)
    {
        var content = request.Content;
        switch (request.Type)
        {
            case "execute_request":
                return await executor.Execute(request);
            case "kernel_info_request":
                return KernelInfo.Answer();
            case "is_complete_request":
                return CodeCompleteness.Answer(content.Text("code"));
            case "complete_request":
                return await executor.Complete(content.Text("code"), content.Number("cursor_pos", int.MaxValue));
            case "inspect_request":
                return await executor.Inspect(content.Text("code"), content.Number("cursor_pos", int.MaxValue));
            case "history_request":
                return executor.History.Answer(content);
            case "comm_info_request":
                return new JsonObject { ["comms"] = new JsonObject() }.Ok();
            case "comm_open":
                // No comm target is offered here: the protocol wants an unknown one closed again.
                Publish(
                    "comm_close",
                    new JsonObject { ["comm_id"] = content.Text("comm_id"), ["data"] = new JsonObject() },
                    request.HeaderBytes);
                return null;
            case "interrupt_request":
                executor.Interrupt();
                return new JsonObject().Ok();
            case "shutdown_request":
                executor.Interrupt();
                return new JsonObject { ["restart"] = content.Flag("restart", false) }.Ok();
            default:
                log($"A {request.Type} is not known here.");
                return null;
        }
    }

    private static string ReplyType(string type) =>
        type.EndsWith("_request", StringComparison.Ordinal) ? type[..^"_request".Length] + "_reply" : type + "_reply";

    private static JsonObject Error(string name, string message) => new()
    {
        ["status"] = "error",
        ["ename"] = name,
        ["evalue"] = WholeText.Of(message),
        ["traceback"] = new JsonArray(),
    };

    private void PublishState(string state, JupyterMessage request) =>
        Publish("status", new JsonObject { ["execution_state"] = state }, request.HeaderBytes);

    private void Publish(string type, JsonObject content, byte[]? parent) =>
        Send(KernelChannel.Iopub, type, content, parent, [System.Text.Encoding.UTF8.GetBytes("kernel." + type)]);

    private void Send(KernelChannel channel, string type, JsonObject content, byte[]? parent, IEnumerable<byte[]> identities) =>
        sockets.Send(channel, codec.Write(type, content, parent, identities));
}
