using System.Globalization;
using System.Net;
using FewShot.Runtime;

namespace FewShot.Kernel.Display;

/// <summary>A progress bar as it stands.</summary>
/// <param name="Step">The latest report.</param>
/// <param name="Succeeded">Whether what it was drawn for has come to its end; null where that goes on.</param>
internal sealed record ProgressBar(StepProgress Step, bool? Succeeded = null)
{
    public string Html
    {
        get
        {
            // A bar without numbers turns for ever.
            var (done, total) = (Succeeded, Step.Total) switch
            {
                (true, _) => (1, 1),
                (false, 0) => (0, 1),
                _ => (Step.Done, Step.Total),
            };
            var numbers = total > 0 ? string.Create(CultureInfo.InvariantCulture, $" value=\"{done}\" max=\"{total}\"") : string.Empty;
            return $"<div class=\"fewshot-progress\"><progress style=\"width:16em;vertical-align:middle\"{numbers}></progress> "
                + $"{WebUtility.HtmlEncode(ToString())}</div>";
        }
    }

    public override string ToString() => ProgressText.Of(Step);
}
