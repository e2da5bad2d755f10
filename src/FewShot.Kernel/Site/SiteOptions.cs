using FewShot.Runtime;

namespace FewShot.Kernel.Site;

/// <summary>What <c>publish</c> was asked for.</summary>
internal sealed record SiteOptions
{
    /// <summary>The folder of notebooks; its solutions, glossary and teaching texts lie below it.</summary>
    public required string Source { get; init; }

    /// <summary>Where the site goes.</summary>
    public required string Output { get; init; }

    /// <summary>Whether pages show the outputs that the notebooks hold, so that nothing is run and charts stand still.</summary>
    public bool IsStored { get; init; }

    /// <summary>Whether pictures of others' data are left out, as on a public site.</summary>
    public bool WithoutThirdPartyImages { get; init; }

    /// <summary>The profile; null for the environment's.</summary>
    public CourseProfile? Profile { get; init; }
}
