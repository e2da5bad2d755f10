using FewShot.Charts;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;

namespace FewShot.Kernel.Display;

/// <summary>Charts that show without a network: the first of a session brings plotly.js with it, the others only themselves.</summary>
/// <param name="still">Makes a PNG to show where scripts do not run; null where none is wanted.</param>
public sealed class ChartRenderer(Func<GenericChart, byte[]>? still = null) : IDisplayRenderer
{
    private bool scriptShown;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string>? Render(object value)
    {
        if (value is not GenericChart chart)
            return null;
        var fragment = ChartHtml.Fragment(chart);
        var data = new Dictionary<string, string>
        {
            [HtmlFormatter.MimeType] = scriptShown ? fragment : $"{ChartHtml.Script()}\n{fragment}",
            [PlainTextFormatter.MimeType] = ChartHtml.Describe(chart),
        };
        scriptShown = true;
        if (still is not null)
            data["image/png"] = Convert.ToBase64String(still(chart));
        return data;
    }
}
