using System.Text;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// Gives a cell what native code and the programs that it starts write to the standard output, which .NET's console knows nothing of: while
/// the cell runs, that output is a pipe. On Linux. The error output stays what it is, as .NET writes there why the process ends.
/// </summary>
internal sealed class NativeOutput : IDisposable
{
    // What .NET tells the terminal, if it was started in one, after each program that ends.
    private const string ApplicationMode = "\u001b[?1h\u001b=";

    private readonly Lock gate = new();
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private readonly byte[] bytes = new byte[1 << 14];
    private readonly char[] characters = new char[(1 << 14) + 1];
    private readonly Action<string> show;
    private readonly int before;
    private readonly int pipe;
    private bool isDone;

    private NativeOutput(int before, int pipe, Action<string> show) => (this.before, this.pipe, this.show) = (before, pipe, show);

    /// <summary>Begins; null where it is not possible.</summary>
    /// <param name="show">Takes the text, on any thread.</param>
    public static NativeOutput? Begin(Action<string> show)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var ends = new int[2];
        var before = LinuxCalls.Control(LinuxCalls.StandardOutput, LinuxCalls.DuplicateAndCloseOnExecute, 3);
        if (before < 0)
            return null;
        if (LinuxCalls.Pipe(ends, LinuxCalls.CloseOnExecute) != 0)
        {
            _ = LinuxCalls.Close(before);
            return null;
        }

        // What C code wrote before this cell belongs to where it was written to.
        LinuxCalls.FlushOutput();
        _ = LinuxCalls.Control(ends[0], LinuxCalls.SetFlags, LinuxCalls.NonBlocking);
        _ = LinuxCalls.Duplicate(ends[1], LinuxCalls.StandardOutput);
        _ = LinuxCalls.Close(ends[1]);
        var output = new NativeOutput(before, ends[0], show);
        new Thread(output.Follow) { IsBackground = true, Name = "native output" }.UnsafeStart();
        return output;
    }

    /// <summary>Shows what has been written up to now.</summary>
    public void Catch()
    {
        LinuxCalls.FlushOutput();
        _ = Read();
    }

    /// <summary>Shows the rest, and gives the output back. What a program goes on writing is still shown.</summary>
    public void Dispose()
    {
        LinuxCalls.FlushOutput();
        _ = LinuxCalls.Duplicate(before, LinuxCalls.StandardOutput);
        _ = LinuxCalls.Close(before);
        _ = Read();
    }

    private void Follow()
    {
        do
            LinuxCalls.WaitForInput(pipe);
        while (Read());
        lock (gate)
        {
            isDone = true;
            _ = LinuxCalls.Close(pipe);
        }
    }

    /// <summary>False when nobody is left who could write.</summary>
    private bool Read()
    {
        lock (gate)
        {
            while (!isDone)
            {
                var count = (int)LinuxCalls.Read(pipe, bytes, bytes.Length);
                if (count <= 0)
                    return count != 0;
                var text = new string(characters, 0, decoder.GetChars(bytes, 0, count, characters, 0))
                    .Replace(ApplicationMode, string.Empty, StringComparison.Ordinal);
                if (text.Length > 0)
                    show(text);
            }

            return false;
        }
    }
}
