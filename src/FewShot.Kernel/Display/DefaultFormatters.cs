using FewShot.Charts;
using Microsoft.DotNet.Interactive.Formatting;
using TorchSharp;

namespace FewShot.Kernel.Display;

/// <summary>
/// Formatters of a fresh session: the defaults, and those for the course's own types and for tensors, whose
/// many properties are not for reading.
/// </summary>
internal static class DefaultFormatters
{
    // By default a number is a styled piece of HTML, which is much for "3".
    private static readonly Type[] Scalars =
    [
        typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset),
        typeof(TimeSpan), typeof(Guid),
    ];

    /// <summary>Forgets what an earlier session registered.</summary>
    public static void Register()
    {
        Formatter.ResetToDefault();
        foreach (var type in Scalars)
            Formatter.SetPreferredMimeTypesFor(type, PlainTextFormatter.MimeType);
        Formatter.Register<HtmlFigure>(figure => figure.Html, HtmlFormatter.MimeType);
        Formatter.Register<HtmlFigure>(figure => figure.Text, PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(HtmlFigure), HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
        Formatter.Register<ProgressBar>(bar => bar.Html, HtmlFormatter.MimeType);
        Formatter.Register<ProgressBar>(bar => bar.ToString(), PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(ProgressBar), HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
        Formatter.Register<torch.Tensor>(
            tensor => tensor.IsInvalid ? "a disposed tensor" : tensor.ToString(TensorStringStyle.Numpy), PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(torch.Tensor), PlainTextFormatter.MimeType);
    }
}
