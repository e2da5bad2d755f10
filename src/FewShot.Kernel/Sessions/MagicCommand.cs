using System.Text.RegularExpressions;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Sessions;

/// <summary>A line of a cell that begins with one of <see cref="MagicWords"/>.</summary>
/// <param name="Word">The word.</param>
/// <param name="Arguments">What stands behind it, in quotes or without.</param>
/// <param name="IsFSharp">Whether it stands among F#.</param>
/// <param name="Body">The lines below it, where the word takes them.</param>
internal sealed partial record MagicCommand(string Word, IReadOnlyList<string> Arguments, bool IsFSharp, string Body)
{
    private const string HowToSet = "write #!set --name NAME --value VALUE, where VALUE may be @NAME, @fsharp:NAME or @input:QUESTION",
        HowToShare = "write #!share --from csharp NAME, or --from fsharp, and --as OTHER for another name",
        HowToValue = "write #!value --name NAME, and the text below it, or --from-file FILE";

    /// <summary>Reads a line.</summary>
    public static MagicCommand Read(string line, bool isFSharp, string body)
    {
        var parts = Argument().Matches(line).Select(match => match.Value.Trim('"')).ToList();
        return new MagicCommand(parts[0], parts[1..], isFSharp, body);
    }

    /// <summary>Code that does it.</summary>
    /// <returns>The code, which is C# but where values of F# are set, or what is wrong with the line.</returns>
    public (string? Code, bool IsFSharp, string? Fault) Code() => Word switch
    {
        MagicWords.Who => (Call(nameof(SessionVariables.Show), "false"), false, null),
        MagicWords.Whos => (Call(nameof(SessionVariables.Show), "true"), false, null),
        MagicWords.About => (Call(nameof(SessionVariables.About), string.Empty), false, null),
        MagicWords.List => ($"display({Literal(string.Join('\n', CellWords.Known))});", false, null),
        MagicWords.Set => Set(),
        MagicWords.Value => Value(),
        _ => Share(),
    };

    private (string?, bool, string?) Set()
    {
        if (Option("--name") is not { } name || Option("--value") is not { } value || !SyntaxFacts.IsValidIdentifier(name))
            return (null, false, HowToSet);
        if (!value.StartsWith('@'))
            return (Declaration(name, Literal(value)), IsFSharp, null);
        var (source, other) = value[1..].Split(':', 2) is [var first, var second] ? (first, second) : (string.Empty, value[1..]);
        return source switch
        {
            "input" => (Declaration(name, $"GetInput({Literal(other)})"), IsFSharp, null),
            "password" => (Declaration(name, $"GetPassword({Literal(other)})"), IsFSharp, null),
            _ when !IsKnown(source) => (null, false, Unknown(source)),
            _ when !SyntaxFacts.IsValidIdentifier(other) => (null, false, HowToSet),
            _ => (Declaration(name, other), IsFSharp, null),
        };
    }

    private (string?, bool, string?) Share()
    {
        var source = Option("--from") ?? string.Empty;
        if (!IsKnown(source))
            return (null, false, Unknown(source));
        var name = Option("--name") ?? Arguments.Where((argument, i) => !argument.StartsWith("--", StringComparison.Ordinal)
            && (i == 0 || !Arguments[i - 1].StartsWith("--", StringComparison.Ordinal))).FirstOrDefault();
        if (name is null || !SyntaxFacts.IsValidIdentifier(name) || (Option("--as") is { } named && !SyntaxFacts.IsValidIdentifier(named)))
            return (null, false, HowToShare);
        // The languages share their values under one name by themselves, when code mentions them.
        var code = Option("--as") is { } other && other != name ? Declaration(other, name) : IsFSharp ? $"ignore {name}" : $"_ = {name};";
        return (code, IsFSharp, null);
    }

    private (string?, bool, string?) Value()
    {
        if (Option("--name") is not { } name || !SyntaxFacts.IsValidIdentifier(name))
            return (null, false, HowToValue);
        return Option("--from-file") is { } file
            ? ($"var {name} = System.IO.File.ReadAllText({Literal(file)});", false, null)
            : ($"var {name} = {Literal(Body)};", false, null);
    }

    private string? Option(string name)
    {
        var place = Arguments.TakeWhile(argument => argument != name).Count();
        return place + 1 < Arguments.Count ? Arguments[place + 1] : null;
    }

    private string Declaration(string name, string value) => IsFSharp ? $"let {name} = {value}" : $"var {name} = {value};";

    private static string Call(string method, string argument) => $"global::{typeof(SessionVariables).FullName}.{method}({argument});";

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static bool IsKnown(string source) => source is "" or "csharp" or "fsharp" or "value";

    private static string Unknown(string source) => $"there is no {source} here: values can be had of csharp, fsharp and value";

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Argument();
}
