using System.Net;

namespace FewShot.Kernel.Site;

/// <summary>What stands around every page of the site: its head, and the bar that leads to the other pages.</summary>
/// <param name="Text">The words, in the page's language.</param>
/// <param name="Up">From the page to the top of its language, as "../"; empty at the top.</param>
/// <param name="Root">From the page to the top of the site.</param>
/// <param name="HasGlossary">Whether there is a glossary to lead to.</param>
/// <param name="Other">The other language and the same page in it; null where there is none.</param>
internal sealed record SiteFrame(SiteText Text, string Up, string Root, bool HasGlossary, (SiteText Text, string Address)? Other)
{
    /// <summary>A page.</summary>
    /// <param name="title">Its title, without the course's name.</param>
    /// <param name="main">Its content, as HTML.</param>
    /// <param name="name">Its file's name without an ending, for the style.</param>
    /// <param name="hasCharts">Whether charts stand on it.</param>
    public string Page(string title, string main, string name, bool hasCharts)
    {
        var body = $"""
            <a class="skip" href="#content">{Encode(Text.Contents)}</a>
            <header class="bar"><a class="home" href="{Up}index.html">{Encode(Text.Course)}</a>
            <nav aria-label="{Encode(Text.Course)}">{Glossary()}
            <a href="{Up}teaching/index.html">{Encode(Text.Teaching)}</a>
            <a href="{Up}search.html">{Encode(Text.Search)}</a>{Switch()}
            <button type="button" data-theme-switch title="{Encode(Text.Theme)}" aria-label="{Encode(Text.Theme)}">◐</button></nav></header>
            <main id="content" class="{name}">
            {main}
            </main>
            """;
        return Whole(title, body, "site.css", hasCharts);
    }

    /// <summary>A page without the bar: slides.</summary>
    public string Whole(string title, string body, string style, bool hasCharts)
    {
        var charts = hasCharts ? $"\n<script defer src=\"{Root}assets/charts.js\"></script>" : string.Empty;
        var head = $"""
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="{Root}assets/{style}">
            <script src="{Root}assets/site.js"></script>{charts}
            """;
        return Pages.Page.Whole(title == Text.Course ? title : $"{title} \u00b7 {Text.Course}", body, head, Text.Language);
    }

    private string Glossary() => HasGlossary ? $"<a href=\"{Up}glossary.html\">{Encode(Text.Glossary)}</a>" : string.Empty;

    private string Switch() => Other is { } other
        ? $"\n<a href=\"{other.Address}\" lang=\"{other.Text.Language}\" hreflang=\"{other.Text.Language}\">{Encode(other.Text.Name)}</a>"
        : string.Empty;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
