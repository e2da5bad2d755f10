using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using FewShot.Kernel.Cells;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Display;

/// <summary>Answers of <c>#!who</c>, <c>#!whos</c> and <c>#!about</c>; people need not call it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SessionVariables
{
    /// <summary>Shows the variables of the session that the calling code belongs to.</summary>
    /// <param name="withValues">Their types and values too.</param>
    public static void Show(bool withValues)
    {
        var variables = CellContext.Current?.Session.Variables ?? [];
        if (variables.Count == 0)
            CellFunctions.display("There are no variables.");
        else if (withValues)
            CellFunctions.display(CellFunctions.HTML(Table(variables)));
        else
            CellFunctions.display(string.Join(", ", variables.Select(variable => variable.Name)));
    }

    /// <summary>Shows which kernel this is.</summary>
    public static void About()
    {
        var version = typeof(SessionVariables).Assembly.GetName().Version;
        CellFunctions.display($"FewShot's kernel for C# and F#, {version}, on {RuntimeInformation.FrameworkDescription}");
    }

    private static string Table(IReadOnlyList<SessionVariable> variables)
    {
        var html = new StringBuilder("<table><thead><tr><th>Variable</th><th>Type</th><th>Value</th></tr></thead><tbody>");
        foreach (var (name, type, value) in variables)
        {
            using var text = new BoundedWriter();
            ValueText.WriteLine(value, text);
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Encoded(name)}</td><td>{Encoded(type.ToDisplayString(PlainTextFormatter.MimeType))}</td>"
                + $"<td>{Encoded(text.ToString())}</td></tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    private static string? Encoded(string text) => WebUtility.HtmlEncode(text);
}
