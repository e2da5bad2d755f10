using FewShot.Kernel.Cells;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Display;

/// <summary>A text that is already what its MIME type says.</summary>
internal sealed record Verbatim(string Content);

/// <summary>A value to its MIME types: the session's renderers first, then the registered formatters.</summary>
internal sealed class ValueRenderer(IReadOnlyList<IDisplayRenderer> renderers)
{
    /// <param name="value">What to show.</param>
    /// <param name="cell">The cell that shows it.</param>
    /// <param name="mimeTypes">The MIME types wanted; empty for those that the value's type prefers.</param>
    public IReadOnlyDictionary<string, string> Render(object? value, Cell cell, IReadOnlyList<string> mimeTypes)
    {
        if (value is null)
            return new Dictionary<string, string> { [PlainTextFormatter.MimeType] = Formatter.NullString };
        if (value is Verbatim text)
            return mimeTypes.ToDictionary(mimeType => mimeType, _ => text.Content);
        if (mimeTypes.Count == 0)
        {
            foreach (var renderer in renderers)
            {
                if (renderer.Render(value, cell) is { } rendered)
                    return rendered;
            }
        }

        var wanted = mimeTypes.Count > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value.GetType())];
        return wanted.Distinct().ToDictionary(mimeType => mimeType, mimeType => value.ToDisplayString(mimeType));
    }
}
