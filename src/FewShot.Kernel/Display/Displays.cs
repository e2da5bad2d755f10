using System.Reflection;
using System.Runtime.CompilerServices;
using FewShot.Kernel.Cells;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Display;

/// <summary>
/// Shows in the running cell what code displays, by <c>display(x)</c> or by the formatting package's own <c>x.Display()</c>, and finds
/// the place again when a displayed value is updated.
/// </summary>
internal static class Displays
{
    // A displayed value and the one that its author holds are two objects, which have nothing in common but the texts of their MIME
    // types: an update passes on those very objects. So a place is found by them.
    private static readonly ConditionalWeakTable<string, Place> Places = [];

    private static readonly Lazy<IDisposable> Listening = new(() => Formatter.SubscribeToDisplayedValues(Receive));

    private sealed record Place(CellContext Cell, string Id);

    /// <summary>Has the formatting package hand over what code displays.</summary>
    public static void Install() => _ = Listening.Value;

    /// <summary>Shows a value in the cell that the calling code belongs to.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The MIME types wanted; empty for those that the value's type prefers.</param>
    /// <exception cref="InvalidOperationException">Called by code that no cell started.</exception>
    public static DisplayedValue Show(object? value, IReadOnlyList<string> mimeTypes)
    {
        var cell = Running();
        var names = mimeTypes.Count > 0 ? mimeTypes : [DefaultFormatters.Unformatted];
        var shown = new DisplayedValue(value, names.Select(name => new FormattedValue(name, string.Empty)).ToArray());
        ShowNew(cell, shown, cell.Render(value, mimeTypes));
        return shown;
    }

    private static void Receive(DisplayedValue displayed)
    {
        if (displayed is { IsUpdated: true, FormattedValues: [var form, ..] } && Places.TryGetValue(form.MimeType, out var place))
        {
            var now = CellContext.Current ?? place.Cell;
            now.Show(new DisplayOutput(Data(displayed, now), place.Id, IsUpdate: true));
        }
        else
        {
            var cell = Running();
            ShowNew(cell, displayed, Data(displayed, cell));
        }
    }

    private static IReadOnlyDictionary<string, string> Data(DisplayedValue displayed, CellContext cell)
    {
        var given = displayed.FormattedValues.Where(form => form.MimeType != DefaultFormatters.Unformatted)
            .DistinctBy(form => form.MimeType)
            .ToDictionary(form => form.MimeType, form => form.Value ?? string.Empty);
        return given.Count == 0 ? cell.Render(displayed.Value, []) : ValueRenderer.Complete(displayed.Value, given);
    }

    private static void ShowNew(CellContext cell, DisplayedValue displayed, IReadOnlyDictionary<string, string> data)
    {
        var id = cell.Session.NextDisplayId();
        if (displayed.FormattedValues is [var first, ..])
        {
            var own = new FormattedValue(new string(first.MimeType.AsSpan()), first.Value);
            Places.Add(own.MimeType, new Place(cell, id));
            PutFirst(displayed.FormattedValues, own);
        }

        cell.Show(new DisplayOutput(data, id));
    }

    private static void PutFirst(IReadOnlyList<FormattedValue> forms, FormattedValue own)
    {
        if (forms is FormattedValue[] list)
            list[0] = own;
        else
        {
            // The package's list of one element, whose type has no name: what the compiler makes of [x].
            var fields = forms.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic);
            Array.Find(fields, field => field.FieldType == typeof(FormattedValue))?.SetValue(forms, own);
        }
    }

    private static CellContext Running() => CellContext.Current
        ?? throw new InvalidOperationException("display shows in the output of a cell, and no cell is running.");
}
