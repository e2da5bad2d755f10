using System.Text;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Sessions;

/// <summary>Gives what a cell writes to the console to that cell, and everything else to the console as it was.</summary>
internal sealed class ConsoleRouter : TextWriter
{
    private static readonly Lazy<(TextWriter Out, TextWriter Error)> Installed = new(InstallOnce);

    private readonly TextWriter console;
    private readonly bool isError;

    private ConsoleRouter(TextWriter console, bool isError)
    {
        this.console = console;
        this.isError = isError;
    }

    /// <summary>The console's own output, past the router: for the runner's words while a cell runs.</summary>
    public static TextWriter TerminalOut => Installed.Value.Out;

    /// <inheritdoc/>
    public override Encoding Encoding => console.Encoding;

    public static void Install() => _ = Installed.Value;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + Environment.NewLine);

    /// <inheritdoc/>
    public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(buffer.ToString());

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        if (CellContext.Current is { } cell)
            cell.Show(new StreamOutput(isError, value));
        else
            console.Write(value);
    }

    /// <inheritdoc/>
    public override void Flush() => console.Flush();

    private static (TextWriter, TextWriter) InstallOnce()
    {
        var (standard, error) = (Console.Out, Console.Error);
        Console.SetOut(new ConsoleRouter(standard, isError: false));
        Console.SetError(new ConsoleRouter(error, isError: true));
        return (standard, error);
    }
}
