using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using FewShot.Kernel.Cells;
using FewShot.Kernel.FSharpCells;

namespace FewShot.Kernel.Sessions;

/// <summary>Tells of an exception with the cell's own lines; the engine's frames are left out.</summary>
internal static partial class ExceptionReport
{
    // The compiler names the assembly of each cell after this letter.
    private const string CellAssemblyMark = "\u211B*";

    // Of endless recursion these tell as much as all of its calls do.
    private const int FirstCalls = 20, LastCalls = 10;

    public static ErrorOutput From(Exception exception, string folder)
    {
        var cause = Unwrap(exception);
        var trace = new List<string>();
        for (var e = cause; e is not null; e = e.InnerException)
        {
            var told = $"{(e == cause ? string.Empty : "caused by ")}{e.GetType().FullName}: {e.Message}";
            trace.AddRange(told.Split('\n').Select(line => line.TrimEnd('\r')));
            trace.AddRange(Shortened([.. Frames(e, folder)]));
        }

        return new ErrorOutput(cause.GetType().FullName ?? cause.GetType().Name, cause.Message, trace);
    }

    private static IEnumerable<string> Shortened(IReadOnlyList<string> calls) => calls.Count <= FirstCalls + LastCalls
        ? calls
        :
        [
            .. calls.Take(FirstCalls),
            string.Create(CultureInfo.InvariantCulture, $"   ... {calls.Count - FirstCalls - LastCalls:N0} more calls ..."),
            .. calls.TakeLast(LastCalls),
        ];

    private static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: 1 } or TargetInvocationException { InnerException: not null }
            or TypeInitializationException { InnerException: not null } => Unwrap(exception.InnerException!),
        _ => exception,
    };

    private static IEnumerable<string> Frames(Exception exception, string folder)
    {
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method
                || IsEngine(type)
                || method.IsDefined(typeof(StackTraceHiddenAttribute)))
            {
                continue;
            }

            var isFSharp = FSharpFrame.IsOne(type);
            var inCell = isFSharp || type.Assembly.FullName!.StartsWith(CellAssemblyMark, StringComparison.Ordinal);
            var name = isFSharp ? FSharpFrame.MethodName(method, type) : MethodName(method, type);
            var place = frame.GetFileName() is { } file
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(inCell ? CellPaths.Show(file, folder) : Path.GetFileName(file))}, line {frame.GetFileLineNumber()}")
                : null;
            yield return "   at " + (name, place) switch
            {
                (null, null) => "the cell",
                (null, _) => place,
                (_, null) => name,
                _ => $"{name} in {place}",
            };
        }
    }

    private static bool IsEngine(Type type)
    {
        var assembly = type.Assembly.GetName().Name ?? string.Empty;
        return type.Assembly == typeof(ExceptionReport).Assembly
            || assembly.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
            || assembly == "FSharp.Compiler.Service"
            // F# starts the code of a cell through reflection, which leaves frames of these types.
            || type.FullName is "System.RuntimeMethodHandle"
                or "System.Reflection.MethodBaseInvoker"
                or "System.Reflection.RuntimeMethodInfo"
            || type.Namespace is "System.Runtime.CompilerServices" or "System.Runtime.ExceptionServices";
    }

    /// <summary>The method as its author wrote it; null for the top level of a cell.</summary>
    private static string? MethodName(MethodBase method, Type type)
    {
        // The compiler makes a class such as <Read>d__3 of an async method or iterator and <>c of lambdas.
        var (name, owner) = (method.Name, type);
        while (owner.Name.StartsWith('<'))
        {
            if (name == "MoveNext")
                name = owner.Name;
            if (owner.DeclaringType is null)
                break;
            owner = owner.DeclaringType;
        }

        if (name.StartsWith("<<Initialize>>d__", StringComparison.Ordinal) || name is "<Initialize>" or "<Factory>")
            return null;
        if (Mangled().Match(name) is { Success: true } parts)
        {
            name = parts.Groups["local"] is { Success: true } local ? local.Value
                : parts.Groups["kind"].Value == "b" ? "a lambda"
                : parts.Groups["method"].Value;
        }

        if (name == "a lambda")
            return name;
        var isCell = owner.Name.StartsWith("Submission#", StringComparison.Ordinal);
        if (isCell)
            return name;
        var declaring = owner.FullName?.Split('+').Last(part => !part.StartsWith("Submission#", StringComparison.Ordinal));
        return $"{declaring ?? owner.Name}.{name}";
    }

    [GeneratedRegex(@"^<(?<method>.*?)>(?<kind>[a-z])__(?:(?<local>[^|\d][^|]*)\|)?")]
    private static partial Regex Mangled();
}
