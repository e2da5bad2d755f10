using Microsoft.DotNet.Interactive.Formatting;
using TorchSharp;

namespace FewShot.Kernel.Display;

/// <summary>
/// Formatters of a fresh session: the defaults, and those for the course's own types and for tensors, whose
/// many properties are not for reading.
/// </summary>
internal static class DefaultFormatters
{
    /// <summary>
    /// The MIME type of what is displayed before it is formatted. <c>x.Display()</c> formats first and tells the session after that; so it
    /// is led to form nothing, and the session does it: with its own renderers, within limits, and with a text where a formatter fails.
    /// </summary>
    public const string Unformatted = "application/vnd.fewshot.unformatted";

    // By default a number is a styled piece of HTML, which is much for "3".
    private static readonly Type[] Scalars =
    [
        typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset),
        typeof(TimeSpan), typeof(Guid),
    ];

    /// <summary>The MIME types that a value is shown as where nobody says which.</summary>
    public static IReadOnlyCollection<string> PreferredFor(Type type)
    {
        var preferred = Formatter.GetPreferredMimeTypesFor(type);
        if (!preferred.Contains(Unformatted))
            return preferred;
        return [type == typeof(string) ? PlainTextFormatter.MimeType : Formatter.DefaultMimeType];
    }

    /// <summary>Whether somebody has registered a formatter for values of a type, and did so beside the defaults.</summary>
    public static bool IsRegistered(Type type, string mimeType) => Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter =>
        formatter.MimeType == mimeType && formatter.Type != typeof(object) && formatter.Type.IsAssignableFrom(type));

    /// <summary>Forgets what an earlier session registered.</summary>
    public static void Register()
    {
        Displays.Install();
        Formatter.ResetToDefault();
        SafeFormatters.Register();
        Formatter.Register<object>((_, _) => true, Unformatted);
        Formatter.SetPreferredMimeTypesFor(typeof(object), Unformatted);
        foreach (var type in Scalars)
            Formatter.SetPreferredMimeTypesFor(type, PlainTextFormatter.MimeType);
        Formatter.Register<ProgressBar>(bar => bar.Html, HtmlFormatter.MimeType);
        Formatter.Register<ProgressBar>(bar => bar.ToString(), PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(ProgressBar), HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
        Formatter.Register<torch.Tensor>(
            tensor => tensor.IsInvalid ? "a disposed tensor" : tensor.ToString(TensorStringStyle.Numpy), PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(torch.Tensor), PlainTextFormatter.MimeType);
    }
}
