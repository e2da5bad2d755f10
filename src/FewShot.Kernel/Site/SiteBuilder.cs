using FewShot.Charts;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Pages;
using FewShot.Kernel.Run;
using FewShot.Runtime;

namespace FewShot.Kernel.Site;

/// <summary>
/// Makes the course's site: pages that need no network and no server. It is built beside its place and put there whole.
/// </summary>
internal sealed class SiteBuilder(SiteOptions options, INotebookObserver? observer = null)
{
    private const string Mark = "assets/site.js";

    private readonly string source = Path.GetFullPath(options.Source);
    private readonly string output = Path.GetFullPath(options.Output);

    // What charts share is one file of the site; in a page of its own it stands inside.
    private static readonly string ChartScript = ChartHtml.Script();

    /// <summary>Runs the notebooks unless their stored outputs are asked for, and writes the site.</summary>
    /// <returns>How many pages it has.</returns>
    /// <exception cref="FewShotException">A notebook fails or cannot be read, or the folder holds something else.</exception>
    public async Task<int> BuildAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !File.Exists(Path.Combine(output, Mark)))
            throw new FewShotException($"{output} holds something else than a site of the course. Choose an empty folder with --output.");
        var paths = CourseRun.Find(new CourseRunOptions { Source = source });
        var executed = new List<NotebookDocument>();
        foreach (var path in paths)
            executed.Add(await DocumentAsync(path, cancellation));
        var building = $"{output}.{Environment.ProcessId}.partial";
        try
        {
            var pages = Write(building, executed);
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
            Directory.Move(building, output);
            return pages;
        }
        finally
        {
            if (Directory.Exists(building))
                Directory.Delete(building, recursive: true);
        }
    }

    private async Task<NotebookDocument> DocumentAsync(string path, CancellationToken cancellation)
    {
        if (options.IsStored)
            return NotebookDocument.Load(path);
        var run = new NotebookRunOptions { Profile = options.Profile, StillCharts = true, Observer = observer };
        var result = await NotebookRunner.RunAsync(path, run, cancellation);
        if (result.Failure is { } failure)
            throw new FewShotException($"{path}: {failure} The site is not written.");
        return result.Notebook;
    }

    private int Write(string folder, IReadOnlyList<NotebookDocument> executed)
    {
        var site = new SiteFiles(folder);
        site.Asset("site.css", Page.Style.Value + Page.Resource("site.css"));
        site.Asset("slides.css", Page.Style.Value + Page.Resource("slides.css"));
        site.Asset("site.js", Page.Resource("site.js"));
        site.Asset("charts.js", string.Join('\n', ChartScript.Split('\n')[1..^1]) + "\n");
        var chinese = Path.Combine(folder, SiteText.Chinese.Language);
        var isTranslated = Directory.Exists(Path.Combine(source, SiteText.Chinese.Language));
        Write(SiteText.English, folder, isTranslated ? (SiteText.Chinese, chinese) : null);
        if (isTranslated)
            Write(SiteText.Chinese, chinese, (SiteText.English, folder));
        return site.Pages;

        void Write(SiteText text, string top, (SiteText, string)? other) =>
            new SiteEdition(source, top, site, text, other, options.WithoutThirdPartyImages, ChartScript).Write(executed);
    }
}
