namespace FewShot.Charts;

/// <summary>Shows figures in any kernel for .NET notebooks (see <see cref="TypeFormatterSourceAttribute"/>).</summary>
internal sealed class HtmlFigureFormatters
{
    /// <summary>One formatter for each MIME type.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
        [new OneForm("text/html", figure => figure.Html), new OneForm("text/plain", figure => figure.Text)];

    /// <summary>What those kernels take for a formatter.</summary>
    internal sealed class OneForm(string mimeType, Func<HtmlFigure, string> form)
    {
        /// <summary>The MIME type.</summary>
        public string MimeType => mimeType;

        /// <summary>Writes a figure.</summary>
        /// <returns>False where the value is no figure.</returns>
        public bool Format(object value, TextWriter writer)
        {
            if (value is not HtmlFigure figure)
                return false;
            writer.Write(form(figure));
            return true;
        }
    }
}
