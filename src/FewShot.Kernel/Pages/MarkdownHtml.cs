using System.Text.Json.Nodes;
using Markdig;
using Markdig.Extensions.Diagrams;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FewShot.Kernel.Pages;

/// <summary>Markdown as HTML. Local pictures become part of the page; links to what has a page lead to it.</summary>
/// <param name="sourceFolder">Where relative addresses start.</param>
/// <param name="pageFolder">Where the page will lie.</param>
/// <param name="pages">The page of each notebook or text that has one, both by their full paths.</param>
/// <param name="isClosed">Whether links to files without a page become plain text, as in pages that are carried elsewhere.</param>
internal sealed class MarkdownHtml(
    string sourceFolder, string pageFolder, IReadOnlyDictionary<string, string> pages, bool isClosed = false)
{
    private const long LargestPicture = 5 << 20;

    private static readonly MarkdownPipeline Pipeline = NewPipeline();

    private static readonly Dictionary<string, string> PictureTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".svg"] = "image/svg+xml",
    };

    public string Render(string markdown, JsonObject? attachments = null) => Render(Parse(markdown, attachments));

    /// <summary>The blocks of a text in order: paragraphs, headings, lists.</summary>
    public IReadOnlyList<MarkdownPart> Parts(string markdown) => [.. Parse(markdown, attachments: null).Select(block => new MarkdownPart(
        block is HeadingBlock heading ? heading.Level : null,
        (block as HeadingBlock)?.GetAttributes().Id,
        block is ParagraphBlock,
        Render(block),
        Markdown.ToPlainText(markdown.Substring(block.Span.Start, block.Span.Length), Pipeline).Trim()))];

    private MarkdownDocument Parse(string markdown, JsonObject? attachments)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.Url is not { Length: > 0 } url)
                continue;
            if ((link.IsImage ? Picture(url, attachments) : Target(url)) is { } address)
                link.Url = address;
            else
                WithoutLink(link);
        }

        return document;
    }

    private static void WithoutLink(LinkInline link)
    {
        foreach (var inside in link.ToList())
        {
            inside.Remove();
            link.InsertBefore(inside);
        }

        link.Remove();
    }

    private static string Render(MarkdownObject part)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineMath());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new BlockMath());
        renderer.Render(part);
        return writer.ToString();
    }

    private static MarkdownPipeline NewPipeline()
    {
        var builder = new MarkdownPipelineBuilder().UseAdvancedExtensions();
        // Its diagrams wait for a script of another host to draw them. Without it their source is shown, as code.
        builder.Extensions.TryRemove<DiagramExtension>();
        return builder.Build();
    }

    /// <summary>Where a link leads; null where it leads out of what is carried.</summary>
    private string? Target(string url)
    {
        if (url.StartsWith('#') || Uri.TryCreate(url, UriKind.Absolute, out _))
            return url;
        var (path, anchor) = url.Split('#', 2) is { Length: 2 } parts ? (parts[0], "#" + parts[1]) : (url, string.Empty);
        var file = Path.GetFullPath(Path.Combine(sourceFolder, Uri.UnescapeDataString(path)));
        if (!pages.TryGetValue(file, out var page) && isClosed)
            return null;
        return Path.GetRelativePath(pageFolder, page ?? file).Replace('\\', '/') + anchor;
    }

    private string? Picture(string url, JsonObject? attachments)
    {
        const string attachment = "attachment:";
        if (url.StartsWith(attachment, StringComparison.Ordinal))
        {
            var held = (attachments?[url[attachment.Length..]] as JsonObject)?.FirstOrDefault(pair => pair.Value is JsonValue);
            return held is { Value: { } data } found ? $"data:{found.Key};base64,{data.GetValue<string>()}" : url;
        }

        if (Uri.TryCreate(url, UriKind.Absolute, out _) || !PictureTypes.TryGetValue(Path.GetExtension(url), out var type))
            return url;
        var file = new FileInfo(Path.Combine(sourceFolder, Uri.UnescapeDataString(url)));
        return file is { Exists: true, Length: < LargestPicture }
            ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file.FullName))}"
            : Target(url);
    }

    private sealed class InlineMath : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline obj) =>
            renderer.Write(MathHtml.Render(obj.Content.ToString(), isBlock: obj.DelimiterCount == 2));
    }

    private sealed class BlockMath : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock obj) =>
            renderer.Write(MathHtml.Render(obj.Lines.ToString(), isBlock: true)).WriteLine();
    }
}

/// <summary>A block of a text.</summary>
/// <param name="Level">1 to 6 for a heading, otherwise null.</param>
/// <param name="Id">The anchor of a heading.</param>
/// <param name="IsParagraph">Whether it is a plain paragraph.</param>
/// <param name="Html">The block as HTML.</param>
/// <param name="Text">Its words.</param>
internal sealed record MarkdownPart(int? Level, string? Id, bool IsParagraph, string Html, string Text);
