using FewShot.Charts;
using FewShot.Kernel.Cells;
using FewShot.Runtime;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;

namespace FewShot.Kernel.Display;

/// <summary>
/// Charts that show without a network: the first of a session brings plotly.js with it, the others only themselves. When the cell that
/// brought it runs again its output is replaced, so its first chart brings it again.
/// </summary>
/// <param name="still">Makes a PNG to show where scripts do not run; null where none is wanted.</param>
public sealed class ChartRenderer(Func<GenericChart, byte[]>? still = null) : IDisplayRenderer
{
    private Cell? carrier;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string>? Render(object value, Cell cell)
    {
        if (value is not GenericChart chart)
            return null;
        ArgumentNullException.ThrowIfNull(cell);
        var picture = Still(chart);
        var fragment = ChartHtml.Fragment(chart, picture);
        // Each run of a cell is an object of its own.
        var carries = carrier is null || (!ReferenceEquals(carrier, cell) && carrier.IsSamePlaceAs(cell));
        var data = new Dictionary<string, string>
        {
            [HtmlFormatter.MimeType] = carries ? $"{ChartHtml.Script()}\n{fragment}" : fragment,
            [PlainTextFormatter.MimeType] = ChartHtml.Describe(chart),
        };
        if (carries)
            carrier = cell;
        if (picture is not null)
            data["image/png"] = Convert.ToBase64String(picture);
        return data;
    }

    // A chart of a kind that has no still picture is drawn by its script alone.
    private byte[]? Still(GenericChart chart)
    {
        try
        {
            return still?.Invoke(chart);
        }
        catch (FewShotException)
        {
            return null;
        }
    }
}
