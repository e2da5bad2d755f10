using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using Plotly.NET;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>Which class is taken for which: a row per true class, a column per predicted class.</summary>
public static class ConfusionMatrixChart
{
    // More cells than this leave no room for a readable count.
    private const int MostClassesWithCounts = 20;

    /// <summary>Draws a measured confusion matrix.</summary>
    /// <inheritdoc cref="Of(long[,], IReadOnlyList{string}, string, string?)"/>
    public static GenericChart Of(ConfusionMatrix matrix, string title = "Confusion matrix", string? note = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var classes = matrix.ClassNames.Count;
        var counts = new long[classes, classes];
        for (var actual = 0; actual < classes; actual++)
        {
            for (var predicted = 0; predicted < classes; predicted++)
                counts[actual, predicted] = matrix[actual, predicted];
        }

        return Of(counts, matrix.ClassNames, title, note);
    }

    /// <summary>Colour is the share of the row's images, the number in a cell the images themselves.</summary>
    /// <param name="counts">Images by true class (row) and predicted class (column).</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="title">Above the chart.</param>
    /// <param name="note">A smaller line under the title: data, number of images.</param>
    /// <exception cref="FewShotException">The matrix is not square, a count is negative, or the names do not fit it.</exception>
    public static GenericChart Of(long[,] counts, IReadOnlyList<string> classNames, string title = "Confusion matrix", string? note = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(classNames);
        var classes = classNames.Count;
        if (counts.GetLength(0) != classes || counts.GetLength(1) != classes || classes == 0)
        {
            throw new FewShotException(
                $"\"{title}\": a confusion matrix of {classes} classes has {classes} rows and columns; "
                + $"found {counts.GetLength(0)} x {counts.GetLength(1)}.");
        }

        if (counts.Cast<long>().Any(count => count < 0))
            throw new FewShotException($"\"{title}\" has a negative count.");
        var names = classNames.Select(ChartText.Escape).ToArray();
        var totals = Rows(classes, row => Enumerable.Range(0, classes).Sum(column => counts[row, column]));
        var matrix = new Fields
        {
            ["z"] = Rows(classes, row => Rows(classes, column => totals[row] == 0 ? 0 : 100.0 * counts[row, column] / totals[row])),
            ["x"] = Rows(classes, row => (double)row),
            ["y"] = Rows(classes, row => (double)row),
            ["zmin"] = 0,
            ["zmax"] = 100,
            ["xgap"] = 1,
            ["ygap"] = 1,
            ["colorscale"] = new object[]
            {
                new object[] { 0.0, "#F7FBFF" },
                new object[] { 0.5, "#3D8BC0" },
                new object[] { 1.0, "#08306B" },
            },
            ["colorbar"] = new Fields
            {
                ["title"] = new Fields { ["text"] = "share of<br>the true class" },
                ["ticksuffix"] = " %",
                ["thickness"] = 16,
            },
            ["hovertext"] = Rows(classes, row => Rows(classes, column =>
                Hover(names[row], names[column], counts[row, column], totals[row], counts[row, row]))),
            ["hovertemplate"] = "%{hovertext}<extra></extra>",
        };
        if (classes <= MostClassesWithCounts)
        {
            matrix["text"] = Rows(classes, row => Rows(classes, column =>
                counts[row, column].ToString("N0", CultureInfo.InvariantCulture)));
            matrix["texttemplate"] = "%{text}";
            matrix["showscale"] = false;
            matrix["textfont"] = new Fields { ["size"] = ChartStyle.TickSize };
        }

        var side = Math.Clamp(38 * classes, 240, 900);
        var ticks = Rows(classes, row => (double)row);
        var x = ChartStyle.Axis("Predicted class", new Fields
        {
            ["tickmode"] = "array",
            ["tickvals"] = ticks,
            ["ticktext"] = names,
            ["showgrid"] = false,
            ["ticks"] = "",
        });
        var recalls = Rows(classes, row => $"{names[row]}  {Recall(counts[row, row], totals[row])}");
        var y = ChartStyle.Axis("True class and its recall", new Fields
        {
            ["tickmode"] = "array",
            ["tickvals"] = ticks,
            ["ticktext"] = recalls,
            ["showgrid"] = false,
            ["ticks"] = "",
            ["autorange"] = "reversed",
        });
        return ChartStyle.Chart([ChartStyle.Trace("heatmap", matrix)], title, note, x, y, new Fields { ["height"] = side + 190 });
    }

    private static T[] Rows<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];

    private static string Hover(string actual, string predicted, long count, long total, long right) => string.Create(
        CultureInfo.InvariantCulture,
        $"true {actual}, predicted {predicted}<br>{count:N0} of {total:N0} images ({Recall(count, total)})"
        + $"<br>recall of {actual}: {Recall(right, total)}");

    private static string Recall(long right, long total) =>
        total == 0 ? "no image" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * right / total:0.0} %");
}
