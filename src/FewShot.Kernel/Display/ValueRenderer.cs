using System.Globalization;
using System.Net;
using System.Reflection;
using FewShot.Kernel.Cells;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Display;

/// <summary>
/// A value to its MIME types: the session's renderers first, then pictures and tables that are known by name, then the registered
/// formatters. Every value has a text, and one whose formatter fails has only that.
/// </summary>
internal sealed class ValueRenderer(IReadOnlyList<IDisplayRenderer> renderers)
{
    private const string Html = HtmlFormatter.MimeType, Plain = PlainTextFormatter.MimeType;

    /// <param name="value">What to show.</param>
    /// <param name="cell">The cell that shows it.</param>
    /// <param name="mimeTypes">The MIME types wanted; empty for those that the value's type prefers.</param>
    public IReadOnlyDictionary<string, string> Render(object? value, Cell cell, IReadOnlyList<string> mimeTypes)
    {
        if (value is null)
            return new Dictionary<string, string> { [Plain] = Formatter.NullString };
        if (mimeTypes.Count > 0)
            return Complete(value, mimeTypes.Distinct().ToDictionary(mimeType => mimeType, mimeType => Format(value, mimeType)));
        var failed = Html;
        try
        {
            if (renderers.Select(renderer => renderer.Render(value, cell)).FirstOrDefault(data => data is not null) is { } rendered)
                return Complete(value, rendered);
            if (KnownValues.Render(value) is { } known)
                return Complete(value, known);
            var data = new Dictionary<string, string>();
            foreach (var mimeType in DefaultFormatters.PreferredFor(value.GetType()))
            {
                failed = mimeType;
                data[mimeType] = Format(value, mimeType);
            }

            failed = Plain;
            return Complete(value, data);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            CellStop.Check();
            return new Dictionary<string, string> { [Plain] = WithoutFormatter(value, failed, e) };
        }
    }

    /// <summary>The forms of a value, within limits, and with a text among them.</summary>
    public static IReadOnlyDictionary<string, string> Complete(object? value, IReadOnlyDictionary<string, string> data)
    {
        var whole = data.ToDictionary(form => form.Key, form => IsLong(form) ? Cut(form.Key, form.Value) : form.Value);
        if (!whole.ContainsKey(Plain))
            whole[Plain] = Text(value, whole);
        return whole;
    }

    private static bool IsLong(KeyValuePair<string, string> form) =>
        form.Value.Length > BoundedWriter.Limit && form.Key.StartsWith("text/", StringComparison.Ordinal);

    private static string Format(object value, string mimeType)
    {
        using var writer = new BoundedWriter();
        try
        {
            using var context = new FormatContext(writer);
            value.FormatTo(context, mimeType);
        }
        catch (Exception) when (writer.IsFull)
        {
            CellStop.Check();
            return Cut(mimeType, writer.ToString());
        }

        return writer.ToString();
    }

    /// <summary>The beginning of what is too long. HTML that ends somewhere is none, so its text stands for it.</summary>
    private static string Cut(string mimeType, string form) => mimeType == Html
        ? $"<pre>{WebUtility.HtmlEncode(HtmlText.Of(form))}</pre><p>{Sentence("HTML", "the beginning of its text is shown")}</p>"
        : $"{form.AsSpan(0, Math.Min(form.Length, BoundedWriter.Limit))}\n{Sentence("text", "the rest is left out")}";

    private static string Sentence(string what, string instead) => string.Create(
        CultureInfo.InvariantCulture, $"[The {what} of this value passes {BoundedWriter.Limit:N0} characters: {instead}.]");

    /// <summary>
    /// A text for terminals. It is taken from the HTML: to format the value once more would read a sequence, which may print or take
    /// long, a second time.
    /// </summary>
    private static string Text(object? value, Dictionary<string, string> data)
    {
        if (value is not null && DefaultFormatters.IsRegistered(value.GetType(), Plain))
            return Format(value, Plain);
        var text = data.GetValueOrDefault(Html) is { } html
            ? HtmlText.Of(html, withOpenDetails: value is null || !HasWords(value.GetType()))
            : data.FirstOrDefault(form => form.Key.StartsWith("text/", StringComparison.Ordinal)).Value;
        return string.IsNullOrWhiteSpace(text) ? ValueText.Whole(value ?? Formatter.NullString) : text;
    }

    /// <summary>Whether a type says for itself how it reads: a tuple, a record. Its members then need no lines of their own.</summary>
    private static bool HasWords(Type type) => type.GetMethod(
        nameof(ToString), BindingFlags.Instance | BindingFlags.Public, [])?.DeclaringType is { } declaring
            && declaring != typeof(object) && declaring != typeof(ValueType);

    private static string WithoutFormatter(object value, string mimeType, Exception exception)
    {
        var text = ValueText.Whole(value);
        if (!DefaultFormatters.IsRegistered(value.GetType(), mimeType))
            return text;
        var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        return $"{text}\n[The formatter that is registered for it as {mimeType} throws {cause.GetType().Name}: {cause.Message}]";
    }
}
