using System.ComponentModel;
using FewShot.Kernel.Sessions;

namespace FewShot.Kernel.FSharpCells;

/// <summary>Hands values from one language of a session to the other: the declarations that are written for it call this, people need not.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SharedValues
{
    /// <summary>The value of a C# variable, for F#.</summary>
    /// <exception cref="InvalidOperationException">Called by code that no cell started.</exception>
    public static T FromCSharp<T>(string name) => (T)Current.FromCSharp(name)!;

    /// <summary>The value of an F# name, for C#.</summary>
    /// <inheritdoc cref="FromCSharp"/>
    public static T FromFSharp<T>(string name) => (T)Current.FromFSharp(name)!;

    private static FSharpSide Current => CellContext.Current?.Session.FSharp ?? throw new InvalidOperationException("Values are shared by cells, and no cell is running.");
}
