namespace FewShot.Kernel.Cells;

/// <summary>Something a cell showed, in the order it was shown. A face (terminal, file, message) decides what becomes of it.</summary>
public abstract record CellOutput;

/// <summary>Text written to the console.</summary>
/// <param name="IsError">True for the error stream.</param>
/// <param name="Text">The text as written, control characters and all.</param>
public sealed record StreamOutput(bool IsError, string Text) : CellOutput;

/// <summary>A displayed value.</summary>
/// <param name="Data">The value by MIME type; images in base 64.</param>
/// <param name="DisplayId">Names this display among those of its session, so that it can be updated.</param>
/// <param name="IsUpdate">True where it replaces an earlier display of the same id.</param>
public sealed record DisplayOutput(IReadOnlyDictionary<string, string> Data, string DisplayId, bool IsUpdate = false) : CellOutput;

/// <summary>The value of the cell's last expression.</summary>
/// <param name="Data">The value by MIME type; images in base 64.</param>
public sealed record ResultOutput(IReadOnlyDictionary<string, string> Data) : CellOutput;

/// <summary>Takes away what the cell has shown so far.</summary>
/// <param name="Wait">Only when the next output comes, so that nothing flickers.</param>
public sealed record ClearOutput(bool Wait) : CellOutput;

/// <summary>What stopped the cell.</summary>
/// <param name="Name">The exception's type, or "Compilation error".</param>
/// <param name="Message">One or more lines for the reader.</param>
/// <param name="Trace">The whole report, line by line: message, then the cell's own lines.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Trace) : CellOutput;
