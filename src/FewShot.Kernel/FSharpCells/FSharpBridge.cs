using System.ComponentModel;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.FSharpCells;

/// <summary>
/// What is called by lines that the session adds to code, to hand values from one language to the other; people need not.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FSharpBridge
{
    /// <summary>The value of a C# variable, for F#.</summary>
    /// <exception cref="InvalidOperationException">Called by code that no cell started.</exception>
    public static T FromCSharp<T>(string name) => (T)Current.FromCSharp(name)!;

    /// <summary>The value of an F# name, for C#.</summary>
    /// <inheritdoc cref="FromCSharp"/>
    public static T FromFSharp<T>(string name) => (T)Current.FromFSharp(name)!;

    /// <summary>Tells that F# code has been compiled and begins to run.</summary>
    /// <exception cref="OperationCanceledException">The cell is to stop.</exception>
    /// <inheritdoc cref="FromCSharp"/>
    public static void Begin() => Current.Begin();

    private static ISharedValues Current =>
        CellContext.Current?.Session.SharedValues
            ?? throw new InvalidOperationException("Only a cell has another language beside it, and no cell is running.");
}
