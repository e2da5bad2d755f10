using FewShot.Kernel.FSharpCells;
using Microsoft.CodeAnalysis.Scripting;

namespace FewShot.Kernel.Sessions;

/// <summary>A cell that is ready to run.</summary>
/// <param name="Steps">In order.</param>
/// <param name="IsTimed">Whether the time it takes is to be shown.</param>
internal sealed record CompiledCell(IReadOnlyList<CompiledStep> Steps, bool IsTimed);

/// <summary>A part of a cell.</summary>
internal abstract record CompiledStep;

/// <summary>A part that is shown, and not run.</summary>
internal sealed record TextStep(TextPart Text) : CompiledStep;

/// <summary>C# that is compiled.</summary>
/// <param name="Script">The script.</param>
/// <param name="Warnings">What the compiler says against it, a line each.</param>
internal sealed record ScriptStep(Script<object> Script, IReadOnlyList<string> Warnings) : CompiledStep;

/// <summary>C# that is compiled when what stands above it has run.</summary>
internal sealed record LateStep(string Name, string Code) : CompiledStep;

/// <summary>F#, which is compiled as it runs.</summary>
internal sealed record FSharpStep(string Name, FSharpSource Source) : CompiledStep;
