using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Jupyter;

/// <summary>
/// Publishes what one cell shows, as it comes. Text written in many small pieces travels in few messages: it waits a moment for more,
/// or until anything else is shown.
/// </summary>
/// <param name="publish">Sends a message of this type and content on iopub, as the cell's.</param>
/// <param name="executionCount">The cell's number.</param>
internal sealed class CellPublisher(Action<string, JsonObject> publish, int executionCount)
{
    /// <summary>Characters of console text that a cell may publish: more would fill the front end's memory, and the notebook.</summary>
    public const int TextLimit = 10_000_000;

    private const int LongestPiece = 1 << 15;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly Lock gate = new();
    private readonly StringBuilder pending = new();
    private bool pendingIsError;
    private bool timed;
    private long published;
    private bool full;

    /// <summary>The plain text of the cell's value, for the history; null where it had none.</summary>
    public string? Result { get; private set; }

    public void Add(CellOutput output)
    {
        lock (gate)
        {
            if (output is StreamOutput stream)
            {
                AddText(stream);
                return;
            }

            FlushPending();
            switch (output)
            {
                case DisplayOutput display:
                    publish(display.IsUpdate ? "update_display_data" : "display_data", new JsonObject
                    {
                        ["data"] = MimeBundle.From(display.Data),
                        ["metadata"] = new JsonObject(),
                        ["transient"] = new JsonObject { ["display_id"] = display.DisplayId },
                    });
                    break;
                case ResultOutput result:
                    Result = result.Data.GetValueOrDefault("text/plain");
                    publish("execute_result", new JsonObject
                    {
                        ["execution_count"] = executionCount,
                        ["data"] = MimeBundle.From(result.Data),
                        ["metadata"] = new JsonObject(),
                    });
                    break;
                case ClearOutput clear:
                    publish("clear_output", new JsonObject { ["wait"] = clear.Wait });
                    break;
                case ErrorOutput error:
                    publish("error", ErrorContent(error));
                    break;
            }
        }
    }

    /// <summary>Publishes what waits.</summary>
    public void Flush()
    {
        lock (gate)
            FlushPending();
    }

    /// <summary>An error as messages carry it.</summary>
    public static JsonObject ErrorContent(ErrorOutput error) => new()
    {
        ["ename"] = WholeText.Of(error.Name),
        ["evalue"] = WholeText.Of(error.Message),
        ["traceback"] = new JsonArray([.. error.Trace.Select(line => (JsonNode)WholeText.Of(line))]),
    };

    private void AddText(StreamOutput stream)
    {
        if (full)
            return;
        if (pendingIsError != stream.IsError)
            FlushPending();
        pendingIsError = stream.IsError;
        var room = TextLimit - published - pending.Length;
        pending.Append(stream.Text.AsSpan(0, (int)Math.Min(room, stream.Text.Length)));
        if (stream.Text.Length > room)
        {
            full = true;
            pending.Append(
                CultureInfo.InvariantCulture,
                $"\n[The text of this cell passes {TextLimit:N0} characters: the rest is left out.]\n");
        }

        if (pending.Length >= LongestPiece)
            FlushPending();
        else if (!timed)
            _ = FlushSoon();
    }

    private async Task FlushSoon()
    {
        timed = true;
        await Task.Delay(Pause).ConfigureAwait(false);
        lock (gate)
        {
            timed = false;
            FlushPending();
        }
    }

    private void FlushPending()
    {
        if (pending.Length == 0)
            return;
        published += pending.Length;
        publish("stream", new JsonObject { ["name"] = pendingIsError ? "stderr" : "stdout", ["text"] = WholeText.Of(pending.ToString()) });
        pending.Clear();
    }
}
