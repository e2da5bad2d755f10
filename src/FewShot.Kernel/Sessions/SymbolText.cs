using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace FewShot.Kernel.Sessions;

/// <summary>What a name of the code stands for, as Markdown: how it is declared, and its documentation.</summary>
internal static class SymbolText
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeType)
        .WithParameterOptions(
            SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut)
        .WithKindOptions(
            SymbolDisplayKindOptions.IncludeTypeKeyword
            | SymbolDisplayKindOptions.IncludeNamespaceKeyword
            | SymbolDisplayKindOptions.IncludeMemberKeyword);

    /// <param name="symbols">What the name may stand for, at least one: the overloads of a method. The first is told of in full.</param>
    public static string Markdown(IReadOnlyList<ISymbol> symbols)
    {
        var text = new StringBuilder("```csharp\n")
            .AppendJoin('\n', symbols.Select(symbol => symbol.ToDisplayString(Format)))
            .Append("\n```\n");
        if (Documentation(symbols[0]) is not { } documentation)
            return text.ToString();
        foreach (var part in documentation.Elements())
        {
            var heading = part.Name.LocalName switch
            {
                "summary" => string.Empty,
                "param" => $"*{part.Attribute("name")?.Value}*: ",
                "returns" => "Returns: ",
                "exception" => $"Throws {Short(part.Attribute("cref")?.Value)}: ",
                "remarks" => string.Empty,
                _ => null,
            };
            if (heading is not null)
                text.Append('\n').Append(heading).Append(Plain(part)).Append('\n');
        }

        return text.ToString();
    }

    private static XElement? Documentation(ISymbol symbol)
    {
        try
        {
            return symbol.GetDocumentationCommentXml(expandIncludes: false) is { Length: > 0 } xml ? XElement.Parse(xml) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Plain(XElement element) => string.Join(' ', string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } see =>
            $"`{Short((see.Attribute("cref") ?? see.Attribute("langword") ?? see.Attribute("href"))?.Value)}`",
        XElement { Name.LocalName: "paramref" or "typeparamref" } reference => $"`{reference.Attribute("name")?.Value}`",
        XElement { Name.LocalName: "c" } word => $"`{word.Value}`",
        XElement other => Plain(other),
        _ => string.Empty,
    })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>"T:FewShot.Data.ImageSet" to "ImageSet".</summary>
    private static string Short(string? reference) => reference?.Split('(')[0].Split('.')[^1].Split(':')[^1] ?? string.Empty;
}
