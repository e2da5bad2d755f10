using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using Plotly.NET;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>How accuracy grows with the number of labelled images per class, for several methods.</summary>
public static class AccuracyByLabels
{
    /// <summary>One line per method over a logarithmic axis, with a bar for each interval.</summary>
    /// <param name="methods">Each method's name and its accuracy by labelled images per class (1 or more).</param>
    /// <param name="references">Published or trivial results, drawn across: chance, from-scratch training.</param>
    /// <param name="title">Above the chart.</param>
    /// <param name="note">A smaller line under the title: data, number of images and draws, kind of interval.</param>
    /// <exception cref="FewShotException">Nothing to draw, fewer than one label, or a value that is not finite.</exception>
    public static GenericChart Of(
        IReadOnlyList<(string Method, IReadOnlyList<(int LabelsPerClass, Estimate Accuracy)> Points)> methods,
        IReadOnlyList<ReferenceLine>? references = null,
        string title = "Accuracy against labels per class",
        string? note = null)
    {
        ArgumentNullException.ThrowIfNull(methods);
        var labels = methods.SelectMany(method => method.Points).Select(point => point.LabelsPerClass).Distinct().Order().ToArray();
        if (labels.Length == 0)
            throw new FewShotException($"\"{title}\" has no accuracy to draw.");
        if (labels[0] < 1)
            throw new FewShotException($"\"{title}\": labels per class start at 1; found {labels[0]}.");
        references ??= [];
        var x = ChartStyle.Axis("Labelled images per class", new Fields
        {
            ["type"] = "log",
            ["tickmode"] = "array",
            ["tickvals"] = labels,
            ["ticktext"] = labels.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)).ToArray(),
            ["range"] = new[] { Math.Log10(labels[0]) - 0.12, Math.Log10(labels[^1]) + 0.12 },
        });
        var accuracies = methods.SelectMany(method => method.Points).Select(point => point.Accuracy);
        var y = ChartStyle.Axis("Accuracy", new Fields { ["ticksuffix"] = " %", ["range"] = Range(accuracies, references) });
        var more = new Fields
        {
            ["showlegend"] = true,
            ["legend"] = ChartStyle.Legend("bottom"),
            ["hovermode"] = "x unified",
        };
        ChartStyle.AddAcross(more, references);
        return ChartStyle.Chart(methods.Select((method, number) => Draw(method.Method, method.Points, number)), title, note, x, y, more);
    }

    private static Trace2D Draw(string name, IReadOnlyList<(int LabelsPerClass, Estimate Accuracy)> points, int number)
    {
        var sorted = points.OrderBy(point => point.LabelsPerClass).ToArray();
        var colour = ChartStyle.Colour(number);
        return ChartStyle.Trace("scatter", new Fields
        {
            ["mode"] = "lines+markers",
            ["name"] = ChartText.Escape(name),
            ["x"] = sorted.Select(point => point.LabelsPerClass).ToArray(),
            ["y"] = sorted.Select(point => ChartStyle.Percent(point.Accuracy.Value, name)).ToArray(),
            ["error_y"] = IntervalBars.Of([.. sorted.Select(point => point.Accuracy)], colour),
            ["line"] = new Fields { ["color"] = colour, ["width"] = 3 },
            ["marker"] = new Fields { ["color"] = colour, ["size"] = 9, ["symbol"] = ChartStyle.Symbol(number) },
            ["text"] = sorted.Select(point => point.Accuracy.ToString()).ToArray(),
            ["hovertemplate"] = "%{text}",
        });
    }

    // Whole tens around everything that is drawn: the eye compares methods, not the empty part of the scale.
    private static double[] Range(IEnumerable<Estimate> accuracies, IReadOnlyList<ReferenceLine> references)
    {
        var values = accuracies
            .SelectMany(one => one.HasInterval ? new[] { one.Value, one.Low, one.High } : [one.Value])
            .Concat(references.Select(line => line.Value))
            .ToArray();
        return [Math.Max(0, 10 * Math.Floor((10 * values.Min()) - 0.2)), Math.Min(100, 10 * Math.Ceiling((10 * values.Max()) + 0.2))];
    }
}
