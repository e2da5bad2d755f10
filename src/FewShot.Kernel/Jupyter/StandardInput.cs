using System.Text.Json.Nodes;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Jupyter;

/// <summary>Puts a cell's questions to the front end, one at a time, and waits for the answer.</summary>
/// <param name="send">Sends an input_request with this content to the front end that sent this execute_request.</param>
internal sealed class StandardInput(Action<JupyterMessage, JsonObject> send)
{
    private readonly SemaphoreSlim oneQuestion = new(1, 1);
    private volatile TaskCompletionSource<string>? waiting;

    /// <summary>Asks, and waits until the answer comes or the cell is stopped.</summary>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public string Ask(JupyterMessage request, string prompt, bool isSecret, CancellationToken cancellation)
    {
        oneQuestion.Wait(cancellation);
        try
        {
            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = answer;
            send(request, new JsonObject { ["prompt"] = WholeText.Of(prompt), ["password"] = isSecret });
            return answer.Task.WaitAsync(cancellation).GetAwaiter().GetResult();
        }
        finally
        {
            waiting = null;
            oneQuestion.Release();
        }
    }

    /// <summary>Takes an input_reply; one that nobody waits for is dropped.</summary>
    public void Answer(JupyterMessage reply)
    {
        if (reply.Content["value"] is JsonValue value && value.TryGetValue<string>(out var text))
            waiting?.TrySetResult(text);
    }
}

/// <summary>What <c>Console.In</c> is inside a kernel: the person at the front end.</summary>
internal sealed class CellInput : TextReader
{
    private string line = string.Empty;
    private int at;

    /// <inheritdoc/>
    public override string? ReadLine()
    {
        if (at < line.Length)
        {
            var rest = line[at..].TrimEnd('\n');
            at = line.Length;
            return rest;
        }

        return Ask();
    }

    /// <inheritdoc/>
    public override int Peek() => Fill() ? line[at] : -1;

    /// <inheritdoc/>
    public override int Read() => Fill() ? line[at++] : -1;

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count)
    {
        if (count == 0 || !Fill())
            return 0;
        var taken = Math.Min(count, line.Length - at);
        line.CopyTo(at, buffer, index, taken);
        at += taken;
        return taken;
    }

    private bool Fill()
    {
        if (at < line.Length)
            return true;
        if (Ask() is not { } answer)
            return false;
        (line, at) = (answer + "\n", 0);
        return true;
    }

    private static string? Ask()
    {
        if (CellContext.Current is not { } cell)
            return null;
        return cell.CanAsk
            ? cell.Ask(string.Empty, isSecret: false)
            : throw new InvalidOperationException("The cell asks for input, and this front end does not allow it.");
    }
}
