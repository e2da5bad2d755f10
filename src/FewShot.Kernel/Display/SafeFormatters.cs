using System.Collections;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Display;

/// <summary>
/// Formatters that end what the default ones never would: below their deepest level those follow a sequence that contains itself until
/// the stack is full, which ends the process. So that level is shown in a line. They stand before the defaults, and behind all others.
/// </summary>
[TypeFormatterSource(typeof(SafeFormatters))]
internal sealed class SafeFormatters : ITypeFormatterSource
{
    private const string Summary = "text/plain+summary";

    /// <summary>Puts them there. A type's own formatters are looked for when its MIME types are first asked for.</summary>
    public static void Register() => _ = Formatter.GetPreferredMimeTypesFor(typeof(SafeFormatters));

    /// <inheritdoc/>
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new HtmlFormatter<object>(
            (value, context) => IsDeepest(value, context) && Write(value, line => context.Writer.Write(line.HtmlEncode()))),
        new PlainTextFormatter<object>((value, context) => IsDeepest(value, context) && Write(value, context.Writer.Write)),
        new SequenceSummary(),
    ];

    private static bool IsDeepest(object value, FormatContext context) =>
        // Numbers and texts have nothing below them. A sequence without a type of its items goes down by two levels more.
        value is not IConvertible
        && context.Depth >= Formatter.RecursionLimit - (value is IEnumerable && ItemType(value) is null ? 2 : 0);

    private static bool Write(object value, Action<string> write)
    {
        using var line = new BoundedWriter();
        ValueText.WriteLine(value, line);
        write(line.ToString());
        return true;
    }

    private static Type? ItemType(object value) => Array.Find(
        value.GetType().GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        ?.GenericTypeArguments[0];

    /// <summary>The line above a folded value. The default one looks into all levels at once.</summary>
    private sealed class SequenceSummary : TypeFormatter<IEnumerable>
    {
        public override string MimeType => Summary;

        public override bool Format(IEnumerable value, FormatContext context) =>
            value is not null && !typeof(IConvertible).IsAssignableFrom(ItemType(value)) && Write(value, context.Writer.Write);
    }
}
