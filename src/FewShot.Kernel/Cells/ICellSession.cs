namespace FewShot.Kernel.Cells;

/// <summary>What a running cell asks of its session.</summary>
internal interface ICellSession
{
    /// <summary>A name for a display, new in the session.</summary>
    string NextDisplayId();

    /// <summary>The value by MIME type, as it is shown in this cell.</summary>
    IReadOnlyDictionary<string, string> Render(object? value, Cell cell, IReadOnlyList<string> mimeTypes);

    /// <summary>Runs more of a cell that was waiting, on the session's thread. Does not wait for it.</summary>
    void GoOn(CellContext cell, Action continuation);

    /// <summary>What its variables hold, the latest of each name.</summary>
    IReadOnlyList<SessionVariable> Variables { get; }

    /// <summary>The values that its languages share.</summary>
    ISharedValues SharedValues { get; }
}

/// <summary>A variable of a session.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">What it holds.</param>
internal sealed record SessionVariable(string Name, Type Type, object? Value);

/// <summary>Values that one language of a session has for the other.</summary>
internal interface ISharedValues
{
    /// <summary>The value of a C# variable.</summary>
    object? FromCSharp(string name);

    /// <summary>The value of an F# name.</summary>
    object? FromFSharp(string name);

    /// <summary>Tells that F# code has been compiled and begins to run.</summary>
    void Begin();
}
