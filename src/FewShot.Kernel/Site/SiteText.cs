namespace FewShot.Kernel.Site;

/// <summary>The words of the site around the course's own texts, in one language.</summary>
internal sealed record SiteText
{
    /// <summary>As "en": the language of the pages.</summary>
    public required string Language { get; init; }

    /// <summary>The language's own name for itself, on the switch that leads to it.</summary>
    public required string Name { get; init; }

    public required string Course { get; init; }

    public required string Lead { get; init; }

    public required string Contents { get; init; }

    public required string Glossary { get; init; }

    public required string Teaching { get; init; }

    public required string Search { get; init; }

    public required string SearchHint { get; init; }

    public required string NothingFound { get; init; }

    public required string Theme { get; init; }

    public required string OnThisPage { get; init; }

    public required string Download { get; init; }

    public required string Slides { get; init; }

    public required string Solutions { get; init; }

    public required string Need { get; init; }

    public required string Previous { get; init; }

    public required string Next { get; init; }

    public required string TeachingLead { get; init; }

    public static SiteText English { get; } = new()
    {
        Language = "en",
        Name = "English",
        Course = "Few-shot learning for .NET",
        Lead = "Notebooks in C# that walk through transfer learning, meta-learning and an honest evaluation, with every figure computed.",
        Contents = "Contents",
        Glossary = "Glossary",
        Teaching = "Teaching",
        Search = "Search",
        SearchHint = "Words to look for in the course",
        NothingFound = "Nothing found.",
        Theme = "Light or dark",
        OnThisPage = "On this page",
        Download = "Download the notebook",
        Slides = "Slides",
        Solutions = "Solutions",
        Need = "You need",
        Previous = "Previous",
        Next = "Next",
        TeachingLead = "For those who teach the course: plans with minutes, slides of each chapter, a handout, questions that come up, "
            + "and the mail to send beforehand.",
    };
}
