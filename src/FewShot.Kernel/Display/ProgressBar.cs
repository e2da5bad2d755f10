using System.Globalization;
using System.Net;
using FewShot.Runtime;

namespace FewShot.Kernel.Display;

/// <summary>A progress bar as it stands.</summary>
internal sealed record ProgressBar(StepProgress Step)
{
    public string Html
    {
        get
        {
            var numbers = Step.Total > 0
                ? string.Create(CultureInfo.InvariantCulture, $" value=\"{Step.Done}\" max=\"{Step.Total}\"")
                : string.Empty;
            return $"<div class=\"fewshot-progress\"><progress style=\"width:16em;vertical-align:middle\"{numbers}></progress> "
                + $"{WebUtility.HtmlEncode(ToString())}</div>";
        }
    }

    public override string ToString() => ProgressText.Of(Step);
}
