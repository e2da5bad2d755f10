using System.Globalization;
using System.Text.RegularExpressions;
using FewShot.Course;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Pages;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>What <c>run</c> was asked to do.</summary>
internal sealed record CourseRunOptions
{
    /// <summary>A folder of notebooks, or one notebook.</summary>
    public required string Source { get; init; }

    /// <summary>Run only notebooks whose name starts with one of these; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Where executed copies and pages go; null for artifacts/course at the top of the repository.</summary>
    public string? Output { get; init; }

    /// <summary>Where the record of the run goes; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>Whether to write outputs back into the notebooks.</summary>
    public bool InPlace { get; init; }

    /// <summary>The language, as "zh"; null for English.</summary>
    public string? Language { get; init; }

    /// <summary>The profile; null for the environment's.</summary>
    public CourseProfile? Profile { get; init; }

    /// <summary>The backbone the notebooks find, or null for the surroundings' own.</summary>
    public CourseBackbone? Backbone { get; init; }
}

/// <summary>A notebook of the run and what became of it.</summary>
/// <param name="Path">The notebook.</param>
/// <param name="Result">The run; null where the file could not be read.</param>
/// <param name="Failure">One line on what went wrong; null where nothing did.</param>
/// <param name="Details">More lines on it.</param>
internal sealed record CourseEntry(string Path, NotebookResult? Result, string? Failure, IReadOnlyList<string> Details)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>Runs the notebooks of a folder in order and writes what they gave.</summary>
internal static partial class CourseRun
{
    /// <summary>The notebooks that are asked for, in teaching order.</summary>
    /// <exception cref="FewShotException">There is none, or a translation would be written over its original.</exception>
    public static IReadOnlyList<string> Find(CourseRunOptions options)
    {
        if (options is { Language: not null, InPlace: true })
            throw new FewShotException("--in-place writes the notebooks themselves, which are English: leave out --language.");
        if (File.Exists(options.Source))
            return [Path.GetFullPath(options.Source)];
        if (!Directory.Exists(options.Source))
        {
            throw new FewShotException(
                $"{options.Source}: there is no such folder or notebook. "
                + "The course's notebooks lie in the folder notebooks of the repository.");
        }

        var all = InFolder(options.Source);
        var chosen = all
            .Where(path => options.Only.Count == 0
                || options.Only.Any(start => Path.GetFileName(path).StartsWith(start, StringComparison.Ordinal)))
            .ToList();
        if (chosen.Count > 0)
            return chosen;
        var present = all.Count > 0 ? string.Join(", ", all.Select(Path.GetFileNameWithoutExtension)) : "no notebook named NN-name.ipynb";
        var asked = options.Only.Count > 0 ? $"; --only asks for {string.Join(", ", options.Only)}" : string.Empty;
        throw new FewShotException($"Nothing to run: {options.Source} has {present}{asked}.");
    }

    /// <summary>The folder for executed copies and pages.</summary>
    public static string OutputFolder(CourseRunOptions options)
    {
        if (options.Output is { } asked)
            return Path.GetFullPath(asked);
        var start = Path.GetFullPath(options.Source);
        for (var folder = Directory.Exists(start) ? start : Path.GetDirectoryName(start);
            folder is not null;
            folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "FewShot.sln")))
                return Path.Combine(folder, "artifacts", "course", options.Language ?? string.Empty, BelowNotebooks(folder, start));
        }

        return Path.GetFullPath(Path.Combine("artifacts", "course"));
    }

    /// <summary>Runs them all, whatever becomes of one, and writes copies and pages.</summary>
    public static async Task<IReadOnlyList<CourseEntry>> RunAsync(
        CourseRunOptions options,
        IReadOnlyList<string> notebooks,
        string output,
        INotebookObserver observer,
        CancellationToken cancellation)
    {
        var run = new NotebookRunOptions
        {
            Profile = options.Profile,
            Language = options.Language,
            Backbone = options.Backbone,
            StillCharts = options.InPlace,
            Observer = observer,
        };
        // A run of some notebooks keeps its place among the pages of the others, where earlier runs wrote them.
        var course = notebooks.Union(InFolder(Path.GetDirectoryName(notebooks[0])!)).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Link: Link(path))).Where(one => one.Link is not null).ToList();
        var pages = course.Where(one => notebooks.Contains(one.Path) || File.Exists(Path.Combine(output, one.Link!.File))).ToList();
        var targets = pages.ToDictionary(one => one.Path, one => Path.Combine(output, one.Link!.File));
        var entries = new List<CourseEntry>();
        foreach (var path in notebooks)
        {
            var entry = await RunOne(path, run, options.InPlace, cancellation);
            if (entry.Result is { } result)
            {
                var place = pages.FindIndex(one => one.Path == path);
                Write(output, result.Notebook, targets, pages.ElementAtOrDefault(place - 1).Link, pages.ElementAtOrDefault(place + 1).Link);
            }

            entries.Add(entry);
        }

        var lines = course.Select(one => Line(output, one.Link!, entries.Find(entry => entry.Path == one.Path)));
        AtomicFile.WriteText(Path.Combine(output, "index.html"), Page.Index([.. lines], Torch.Describe()));
        return entries;
    }

    private static IReadOnlyList<string> InFolder(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.ipynb").Select(Path.GetFullPath)
            .Where(path => Numbered().IsMatch(Path.GetFileName(path))).Order(StringComparer.Ordinal),
    ];

    /// <summary>The solutions have the names of their notebooks, so their pages need a folder of their own.</summary>
    private static string BelowNotebooks(string root, string source)
    {
        var folder = Directory.Exists(source) ? source : Path.GetDirectoryName(source)!;
        var below = Path.GetRelativePath(Path.Combine(root, "notebooks"), folder);
        return below == "." || below.StartsWith("..", StringComparison.Ordinal) ? string.Empty : below;
    }

    private static IndexLine Line(string output, PageLink link, CourseEntry? entry) => entry switch
    {
        { Failure: { } failure } => new IndexLine(link, failure, true, entry.Result is not null),
        { Result: { } result } =>
            new IndexLine(link, string.Create(CultureInfo.InvariantCulture, $"{result.Elapsed.TotalSeconds:F0} s"), false, true),
        _ when File.Exists(Path.Combine(output, link.File)) => new IndexLine(link, "from an earlier run", false, true),
        _ => new IndexLine(link, "not run yet", false, false),
    };

    private static async Task<CourseEntry> RunOne(string path, NotebookRunOptions run, bool inPlace, CancellationToken cancellation)
    {
        try
        {
            var result = await NotebookRunner.RunAsync(path, run, cancellation);
            if (result.Failure is { } failure)
                return new CourseEntry(path, result, failure.ToString(), failure.Error.Trace);
            try
            {
                if (inPlace)
                    AtomicFile.Write(path, stream => stream.Write(StoredNotebook.ToBytes(result.Notebook)));
            }
            catch (FewShotException e)
            {
                return new CourseEntry(path, result, e.Message, []);
            }

            return new CourseEntry(path, result, null, []);
        }
        catch (FewShotException e)
        {
            run.Observer?.NotebookFinished(Path.GetFileNameWithoutExtension(path), TimeSpan.Zero, e.Message);
            return new CourseEntry(path, null, e.Message, []);
        }
    }

    /// <summary>The page that a notebook will have; null where the notebook cannot be read.</summary>
    private static PageLink? Link(string notebook)
    {
        try
        {
            return new PageLink(Path.GetFileNameWithoutExtension(notebook) + ".html", NotebookDocument.Load(notebook).Title);
        }
        catch (FewShotException)
        {
            return null;
        }
    }

    private static void Write(
        string output, NotebookDocument executed, IReadOnlyDictionary<string, string> pages, PageLink? previous, PageLink? next)
    {
        var name = Path.GetFileName(executed.Path);
        AtomicFile.Write(Path.Combine(output, name), stream => stream.Write(executed.ToBytes()));
        var markdown = new MarkdownHtml(Path.GetDirectoryName(executed.Path)!, output, pages);
        AtomicFile.WriteText(Path.Combine(output, Path.ChangeExtension(name, ".html")), Page.Notebook(executed, markdown, previous, next));
    }

    [GeneratedRegex(@"^\d\d-.+\.ipynb$")]
    private static partial Regex Numbered();
}
