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

    public static SiteText Chinese { get; } = new()
    {
        Language = "zh",
        Name = "中文",
        Course = ".NET 小样本学习",
        Lead = "一套 C# 笔记本：从迁移学习、元学习到诚实的评估，每个数字都是当场算出来的。",
        Contents = "目录",
        Glossary = "术语表",
        Teaching = "教学",
        Search = "搜索",
        SearchHint = "在课程中查找的词",
        NothingFound = "没有找到。",
        Theme = "浅色或深色",
        OnThisPage = "本页内容",
        Download = "下载笔记本",
        Slides = "幻灯片",
        Solutions = "参考答案",
        Need = "准备",
        Previous = "上一章",
        Next = "下一章",
        TeachingLead = "给授课者：精确到分钟的教案、各章幻灯片、两页讲义、常见问题，以及课前发给学员的邮件。",
    };
}
