using FewShot.Runtime;

namespace FewShot.Kernel.Site;

/// <summary>The files of a site that is being written.</summary>
/// <param name="folder">Its top.</param>
internal sealed class SiteFiles(string folder)
{
    /// <summary>The site's top.</summary>
    public string Folder { get; } = folder;

    /// <summary>How many pages were written.</summary>
    public int Pages { get; private set; }

    public void Asset(string name, string text) => AtomicFile.WriteText(Path.Combine(Folder, "assets", name), text);

    public void Page(string path, string html)
    {
        AtomicFile.WriteText(path, html);
        Pages++;
    }
}
