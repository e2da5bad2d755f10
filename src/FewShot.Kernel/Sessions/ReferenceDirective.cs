using System.Text.RegularExpressions;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Sessions;

/// <summary>A line of code with <c>#r</c>, or with <c>#i</c>, which names a source of packages.</summary>
/// <param name="Line">Which, from 0.</param>
/// <param name="IsSource">Whether it is <c>#i</c>.</param>
/// <param name="Reference">What stands in the quotes.</param>
/// <param name="IsBelowCode">Whether it stands below code.</param>
internal sealed partial record ReferenceDirective(int Line, bool IsSource, string Reference, bool IsBelowCode)
{
    /// <summary>Whether it is about packages, of which compilers know nothing.</summary>
    public bool IsOfPackages => IsSource || PackageRequest.IsOne(Reference);

    /// <summary>Those of C#: not what stands in a string or a comment.</summary>
    public static IReadOnlyList<ReferenceDirective> InCSharp(string code)
    {
        if (!code.Contains("#r", StringComparison.Ordinal) && !code.Contains("#i ", StringComparison.Ordinal))
            return [];
        var root = SyntaxFactory.ParseCompilationUnit(code, options: CompileReport.ScriptSyntax);
        var first = root.GetFirstToken(includeZeroWidth: true);
        return
        [
            .. root.DescendantTrivia().Where(trivia => trivia.IsDirective).Select(Read).OfType<ReferenceDirective>(),
        ];

        ReferenceDirective? Read(SyntaxTrivia trivia)
        {
            var line = trivia.GetLocation().GetLineSpan().StartLinePosition.Line;
            var isBelow = trivia.Token != first;
            return trivia.GetStructure() switch
            {
                ReferenceDirectiveTriviaSyntax reference => new(line, IsSource: false, reference.File.ValueText, isBelow),
                BadDirectiveTriviaSyntax bad when ReferenceLine().Match(bad.ToString().TrimEnd()) is { Success: true } match =>
                    new(line, IsSource: true, match.Groups["reference"].Value, isBelow),
                _ => null,
            };
        }
    }

    /// <summary>Those of F#.</summary>
    public static IReadOnlyList<ReferenceDirective> InFSharp(string code) =>
    [
        .. code.Split('\n').Index()
            .Select(line => (line.Index, Match: ReferenceLine().Match(line.Item)))
            .Where(line => line.Match.Success)
            .Select(line => new ReferenceDirective(
                line.Index, line.Match.Groups["kind"].Value == "i", line.Match.Groups["reference"].Value, IsBelowCode: false)),
    ];

    [GeneratedRegex("""^\s*#(?<kind>[ri])\s+@?"(?<reference>[^"]*)"\s*(//.*)?$""")]
    private static partial Regex ReferenceLine();
}
