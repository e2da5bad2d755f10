using FewShot.Runtime;

namespace FewShot.Kernel.Site;

/// <summary>The files of a site that is being written.</summary>
/// <param name="folder">Its top.</param>
internal sealed class SiteFiles(string folder)
{
    /// <summary>How many pages were written.</summary>
    public int Pages { get; private set; }

    /// <summary>A style or script that comes with the program.</summary>
    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(SiteFiles).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    public void Asset(string name, string text) => AtomicFile.WriteText(Path.Combine(folder, "assets", name), text);

    public void Page(string path, string html)
    {
        AtomicFile.WriteText(path, html);
        Pages++;
    }
}
