using System.Text.Encodings.Web;
using System.Text.Json;

namespace FewShot.Kernel.Site;

/// <summary>What the search page looks through: every section's words with the page and place where they stand.</summary>
internal static class SearchIndex
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A script that puts the index where the page's script finds it: pages opened from a folder may fetch nothing.</summary>
    public static string Of(IEnumerable<Chapter> chapters)
    {
        var entries = chapters.SelectMany(chapter => chapter.Sections.Select(section => new
        {
            page = section.Id.Length > 0 ? $"{chapter.Name}.html#{section.Id}" : $"{chapter.Name}.html",
            chapter = chapter.Notebook.Title,
            heading = section.Heading,
            text = string.Join(' ', section.Prose.Select(part => part.Text)),
        }));
        return $"window.fewshotSearch = {JsonSerializer.Serialize(entries, Readable)};\n";
    }
}
