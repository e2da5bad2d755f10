using FewShot.Kernel.Site;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>
/// Sites to look at: the whole course with its stored outputs, and a short notebook executed, whose charts are live. With
/// FEWSHOT_SITE the pages of a site that was published before are looked at instead.
/// </summary>
public sealed class PublishedSite : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fewshot-site-");

    /// <summary>The tops of the sites.</summary>
    public IReadOnlyList<string> Tops { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("FEWSHOT_SITE") is { Length: > 0 } published)
        {
            Tops = [Path.GetFullPath(published)];
            return;
        }

        string stored = Path.Combine(folder.FullName, "stored"), live = Path.Combine(folder.FullName, "live");
        var options = new SiteOptions { Source = Course.Folder, Output = stored, IsStored = true };
        await new SiteBuilder(options).BuildAsync(CancellationToken.None);
        var one = Directory.CreateDirectory(Path.Combine(folder.FullName, "one", "notebooks"));
        File.Copy(Path.Combine(Course.Folder, "00-setup-check.ipynb"), Path.Combine(one.FullName, "00-setup-check.ipynb"));
        await new SiteBuilder(new SiteOptions { Source = one.FullName, Output = live }).BuildAsync(CancellationToken.None);
        Tops = [stored, live];
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
