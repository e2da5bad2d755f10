using System.Text.Json.Nodes;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Sessions;

namespace FewShot.Kernel.Jupyter;

/// <summary>Runs and looks into cells, in the kernel's one session.</summary>
internal sealed class CellExecutor : IDisposable
{
    private readonly Task<Session> session;
    private readonly StandardInput input;
    private readonly Action<string, JsonObject, byte[]?> publish;
    private readonly Lock gate = new();
    private CancellationTokenSource? stop;

    /// <param name="options">The session's.</param>
    /// <param name="input">Asks the front end.</param>
    /// <param name="publish">Publishes a message of this type and content, caused by the message with this header.</param>
    public CellExecutor(SessionOptions options, StandardInput input, Action<string, JsonObject, byte[]?> publish)
    {
        this.input = input;
        this.publish = publish;
        // Begun at once and waited for only by the first cell: the kernel answers before the compiler is loaded.
        session = Task.Run(() =>
        {
            var made = new Session(options);
            Session.WarmUp();
            return made;
        });
    }

    /// <summary>The cells so far.</summary>
    public KernelHistory History { get; } = new();

    /// <summary>The number of the latest cell.</summary>
    public int ExecutionCount { get; private set; }

    /// <summary>The request whose cell runs at this moment.</summary>
    public JupyterMessage? Running { get; private set; }

    /// <summary>Whether the latest execute_request wanted the ones behind it dropped when it failed.</summary>
    public bool StopOnError { get; private set; }

    /// <summary>Stops the cell that runs. Does not wait for it.</summary>
    public void Interrupt()
    {
        CancellationTokenSource? running;
        lock (gate)
            running = stop;
        // Stopping a thread waits until it can be stopped; nobody should have to wait with it.
        if (running is not null)
            _ = Task.Run(running.Cancel);
    }

    public async Task<JsonObject> Execute(JupyterMessage request)
    {
        StopOnError = request.Content.Flag("stop_on_error", true);
        var code = request.Content.Text("code");
        // Not in the protocol, but sent by JupyterLab and VS Code.
        var id = request.Metadata["cellId"] is JsonValue given && given.TryGetValue<string>(out var named) ? named : null;
        var silent = request.Content.Flag("silent", false);
        var store = !silent && request.Content.Flag("store_history", true);
        var mayAsk = request.Content.Flag("allow_stdin", false);
        var expressions = request.Content["user_expressions"] switch
        {
            null => [],
            JsonObject map => map.ToDictionary(entry => entry.Key, entry => map.Text(entry.Key)),
            _ => throw new BadRequestException("user_expressions is no object"),
        };
        if (store)
            ExecutionCount++;
        var number = Math.Max(1, ExecutionCount);
        var publisher = new CellPublisher((type, content) => Publish(type, content, silent, request), number);
        if (!silent)
            publish("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = number }, request.HeaderBytes);

        using var stopping = new CancellationTokenSource();
        lock (gate)
            stop = stopping;
        Running = request;
        try
        {
            var running = await session;
            var token = stopping.Token;
            var result = string.IsNullOrWhiteSpace(code)
                ? null
                : await running.ExecuteAsync(
                    new Cell(number, code) { Id = id },
                    publisher.Add,
                    token,
                    mayAsk ? (prompt, isSecret) => Ask(request, publisher, prompt, isSecret, token) : null);
            publisher.Flush();
            if (store)
                History.Add(number, code, publisher.Result);
            if (result?.Error is { } error)
            {
                var failed = CellPublisher.ErrorContent(error);
                failed["status"] = "error";
                failed["execution_count"] = number;
                return failed;
            }

            return new JsonObject
            {
                ["execution_count"] = number,
                ["payload"] = new JsonArray(),
                ["user_expressions"] = await Evaluate(running, expressions, token),
            }.Ok();
        }
        catch (OutOfMemoryException)
        {
            const string Reason = "There is not enough memory for this cell.";
            var failed = CellPublisher.ErrorContent(new ErrorOutput(typeof(OutOfMemoryException).FullName!, Reason, [Reason]));
            Publish("error", (JsonObject)failed.DeepClone(), silent, request);
            failed["status"] = "error";
            failed["execution_count"] = number;
            return failed;
        }
        finally
        {
            Running = null;
            lock (gate)
                stop = null;
        }
    }

    public async Task<JsonObject> Complete(string code, int cursor)
    {
        var found = (await session).Complete(code, WholeText.ToUnits(code, cursor));
        var (start, end) = (WholeText.ToCodePoints(code, found.Start), WholeText.ToCodePoints(code, found.End));
        return new JsonObject
        {
            ["matches"] = new JsonArray([.. found.Items.Select(item => (JsonNode)item.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                // The front ends' own extension: what each match is, for its icon.
                ["_jupyter_types_experimental"] = new JsonArray([.. found.Items.Select(item =>
                    (JsonNode)new JsonObject { ["start"] = start, ["end"] = end, ["text"] = item.Text, ["type"] = item.Kind })]),
            },
        }.Ok();
    }

    public async Task<JsonObject> Inspect(string code, int cursor)
    {
        var text = (await session).Inspect(code, WholeText.ToUnits(code, cursor));
        return new JsonObject
        {
            ["found"] = text is not null,
            ["data"] = text is null
                ? new JsonObject()
                : new JsonObject
                {
                    ["text/markdown"] = text,
                    ["text/plain"] = text
                        .Replace("```csharp\n", string.Empty, StringComparison.Ordinal)
                        .Replace("```\n", string.Empty, StringComparison.Ordinal),
                },
            ["metadata"] = new JsonObject(),
        }.Ok();
    }

    /// <inheritdoc/>
    public void Dispose() => session.ContinueWith(
        made => made.Result.Dispose(),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnRanToCompletion,
        TaskScheduler.Default);

    private void Publish(string type, JsonObject content, bool silent, JupyterMessage request)
    {
        if (!silent)
            publish(type, content, request.HeaderBytes);
    }

    private string? Ask(JupyterMessage request, CellPublisher publisher, string prompt, bool isSecret, CancellationToken cancellation)
    {
        publisher.Flush();
        return input.Ask(request, prompt, isSecret, cancellation);
    }

    private static async Task<JsonObject> Evaluate(Session session, Dictionary<string, string> expressions, CancellationToken cancellation)
    {
        var values = new JsonObject();
        foreach (var (name, expression) in expressions)
        {
            IReadOnlyDictionary<string, string> data = new Dictionary<string, string>();
            var result = await session.ExecuteAsync(
                new Cell(0, expression), output => data = output is ResultOutput shown ? shown.Data : data, cancellation);
            var value = result.Error is { } error
                ? CellPublisher.ErrorContent(error)
                : new JsonObject { ["data"] = MimeBundle.From(data), ["metadata"] = new JsonObject() };
            value["status"] = result.Error is null ? "ok" : "error";
            values[name] = value;
        }

        return values;
    }
}
