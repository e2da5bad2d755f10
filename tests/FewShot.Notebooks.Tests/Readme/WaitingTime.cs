using System.Globalization;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>Seconds as a reader wants to know them before a notebook starts.</summary>
internal static class WaitingTime
{
    /// <summary>"a few seconds", "half a minute", "1 minute", "7 minutes".</summary>
    public static string Of(double seconds) => seconds switch
    {
        < 15 => "a few seconds",
        < 45 => "half a minute",
        < 90 => "1 minute",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds / 60, MidpointRounding.AwayFromZero):0} minutes"),
    };
}
