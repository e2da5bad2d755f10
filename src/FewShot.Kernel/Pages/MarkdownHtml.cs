using System.Text.Json.Nodes;
using Markdig;
using Markdig.Extensions.Diagrams;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FewShot.Kernel.Pages;

/// <summary>Markdown cells as HTML. Local pictures become part of the page; links to notebooks that have a page lead to it.</summary>
/// <param name="notebookFolder">Where relative addresses start.</param>
/// <param name="pageFolder">Where the page will lie.</param>
/// <param name="pages">File names of the notebooks, beside this one, that have a page.</param>
internal sealed class MarkdownHtml(string notebookFolder, string pageFolder, IReadOnlySet<string> pages)
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

    public string Render(string markdown, JsonObject? attachments = null)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
        {
            if (link.Url is { Length: > 0 } url)
                link.Url = link.IsImage ? Picture(url, attachments) : Target(url);
        }

        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineMath());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new BlockMath());
        renderer.Render(document);
        return writer.ToString();
    }

    private static MarkdownPipeline NewPipeline()
    {
        var builder = new MarkdownPipelineBuilder().UseAdvancedExtensions();
        // Its diagrams wait for a script of another host to draw them. Without it their source is shown, as code.
        builder.Extensions.TryRemove<DiagramExtension>();
        return builder.Build();
    }

    private string Target(string url)
    {
        if (url.StartsWith('#') || Uri.TryCreate(url, UriKind.Absolute, out _))
            return url;
        var (path, anchor) = url.Split('#', 2) is { Length: 2 } parts ? (parts[0], "#" + parts[1]) : (url, string.Empty);
        if (pages.Contains(path))
            return Path.ChangeExtension(path, ".html") + anchor;
        return Path.GetRelativePath(pageFolder, Path.Combine(notebookFolder, Uri.UnescapeDataString(path))).Replace('\\', '/') + anchor;
    }

    private string Picture(string url, JsonObject? attachments)
    {
        const string attachment = "attachment:";
        if (url.StartsWith(attachment, StringComparison.Ordinal))
        {
            var held = (attachments?[url[attachment.Length..]] as JsonObject)?.FirstOrDefault(pair => pair.Value is JsonValue);
            return held is { Value: { } data } found ? $"data:{found.Key};base64,{data.GetValue<string>()}" : url;
        }

        if (Uri.TryCreate(url, UriKind.Absolute, out _) || !PictureTypes.TryGetValue(Path.GetExtension(url), out var type))
            return url;
        var file = new FileInfo(Path.Combine(notebookFolder, Uri.UnescapeDataString(url)));
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
