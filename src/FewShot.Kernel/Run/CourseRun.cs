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
    /// <exception cref="FewShotException">There is none.</exception>
    public static IReadOnlyList<string> Find(CourseRunOptions options)
    {
        if (File.Exists(options.Source))
            return [Path.GetFullPath(options.Source)];
        if (!Directory.Exists(options.Source))
        {
            throw new FewShotException(
                $"{options.Source}: there is no such folder or notebook. "
                + "The course's notebooks lie in the folder notebooks of the repository.");
        }

        var all = Directory.GetFiles(options.Source, "*.ipynb").Select(Path.GetFullPath)
            .Where(path => Numbered().IsMatch(Path.GetFileName(path))).Order(StringComparer.Ordinal).ToList();
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
                return Path.Combine(folder, "artifacts", "course");
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
            Backbone = options.Backbone,
            StillCharts = options.InPlace,
            Observer = observer,
        };
        var links = notebooks.Select(Link).ToList();
        var names = notebooks.Where((_, i) => links[i] is not null).Select(path => Path.GetFileName(path)).ToHashSet();
        var entries = new List<CourseEntry>();
        for (var i = 0; i < notebooks.Count; i++)
        {
            var entry = await RunOne(notebooks[i], run, options.InPlace, cancellation);
            if (entry.Result is { } result)
            {
                var previous = links.Take(i).LastOrDefault(link => link is not null);
                var next = links.Skip(i + 1).FirstOrDefault(link => link is not null);
                Write(output, result.Notebook, names, previous, next);
            }

            entries.Add(entry);
        }

        var lines = entries.Where(entry => entry.Result is not null).Select(entry => new IndexLine(
            new PageLink(entry.Name + ".html", entry.Result!.Notebook.Title),
            entry.Failure ?? string.Create(CultureInfo.InvariantCulture, $"{entry.Result.Elapsed.TotalSeconds:F0} s"),
            entry.Failure is not null)).ToList();
        AtomicFile.WriteText(Path.Combine(output, "index.html"), Page.Index(lines, Torch.Describe()));
        return entries;
    }

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

    private static void Write(string output, NotebookDocument executed, IReadOnlySet<string> names, PageLink? previous, PageLink? next)
    {
        var name = Path.GetFileName(executed.Path);
        AtomicFile.Write(Path.Combine(output, name), stream => stream.Write(executed.ToBytes()));
        var markdown = new MarkdownHtml(Path.GetDirectoryName(executed.Path)!, output, names);
        AtomicFile.WriteText(Path.Combine(output, Path.ChangeExtension(name, ".html")), Page.Notebook(executed, markdown, previous, next));
    }

    [GeneratedRegex(@"^\d\d-.+\.ipynb$")]
    private static partial Regex Numbered();
}
