using FewShot.Kernel.Cells;
using FewShot.Kernel.Notebooks;
using FewShot.Runtime;

namespace FewShot.Kernel.Sessions;

/// <summary>A step of a cell: some code of it or of a file it imports, or a text.</summary>
/// <param name="Name">What errors call the place: "cell 3"; of an imported cell or script a full path.</param>
/// <param name="Part">A <see cref="CodePart"/>, a <see cref="FSharpPart"/> or a <see cref="TextPart"/>.</param>
internal sealed record CellStep(string Name, CellPart Part);

/// <summary>What a cell does, step by step, the code of what it imports included.</summary>
/// <param name="Steps">In order.</param>
/// <param name="IsTimed">Whether the time is wanted.</param>
internal sealed record CellPlan(IReadOnlyList<CellStep> Steps, bool IsTimed)
{
    /// <returns>The plan, or the error that keeps the cell from being run.</returns>
    /// <param name="cell">The cell.</param>
    /// <param name="folder">The folder that its relative paths start from.</param>
    /// <param name="packages">Fetches the packages that it asks for.</param>
    /// <param name="cancellation">Ends that.</param>
    public static (CellPlan? Plan, ErrorOutput? Error) Read(
        Cell cell, string folder, SessionPackages packages, CancellationToken cancellation)
    {
        var steps = new List<CellStep>();
        var (isTimed, error) = Add(cell, folder, folder, packages, steps, [], cancellation);
        return error is null ? (new CellPlan(steps, isTimed), null) : (null, error);
    }

    private static (bool IsTimed, ErrorOutput? Error) Add(
        Cell cell,
        string folder,
        string root,
        SessionPackages packages,
        List<CellStep> steps,
        IReadOnlyList<string> importing,
        CancellationToken cancellation)
    {
        var (parts, error) = CellParts.Read(cell with { Source = cell.Source is { } source ? CellPaths.Show(source, root) : null });
        foreach (var part in parts?.Parts ?? [])
        {
            error = part switch
            {
                ImportPart import => Import(import),
                PackagePart wanted => Try(
                    wanted.Line, wanted.Text, () => steps.AddRange(
                        packages.Parts(wanted, cancellation).Select(made => new CellStep(cell.Name, made)))),
                LibraryPart library => Try(library.Line, library.Text, () => packages.Ask(library.File)),
                _ => null,
            };
            if (error is not null)
                break;
            if (part is CodePart or FSharpPart or TextPart)
                steps.Add(new CellStep(cell.Name, part));
        }

        return (parts?.IsTimed ?? false, error);

        ErrorOutput? Import(ImportPart import)
        {
            try
            {
                var path = Path.GetFullPath(import.Path, folder);
                if (import.Path.Length == 0)
                    return Fault("name what to import: #!import \"helpers.ipynb\"");
                if (importing.Contains(path))
                    return Fault($"{CellPaths.Show(path, root)} imports itself, directly or through another file");
                foreach (var imported in Cells(path))
                {
                    var (_, inside) = Add(
                        imported, Path.GetDirectoryName(path)!, root, packages, steps, [.. importing, path], cancellation);
                    if (inside is not null)
                        return inside;
                }

                return null;
            }
            catch (Exception e) when (e is FewShotException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                return Fault(e.Message.TrimEnd('.'));
            }

            ErrorOutput Fault(string message) => FaultAt(import.Line, import.Text, message);
        }

        ErrorOutput? Try(int line, string text, Action action)
        {
            try
            {
                action();
                return null;
            }
            catch (FewShotException e)
            {
                return FaultAt(line, text, e.Message.TrimEnd('.'));
            }
        }

        ErrorOutput FaultAt(int line, string text, string message) =>
            CompileReport.Single(
                cell with { Source = cell.Source is { } file ? CellPaths.Show(file, root) : null }, line, text, message + ".");
    }

    private static IEnumerable<Cell> Cells(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".ipynb" => NotebookDocument.Load(path).Cells
            .Where(cell => cell.IsCode)
            .Select((cell, i) => new Cell(i + 1, cell.Source) { Source = FormattableString.Invariant($"{path}, cell {i + 1}") }),
        ".dib" => DibFile.Read(path),
        ".cs" or ".csx" => [new Cell(1, File.ReadAllText(path)) { Source = path }],
        _ => throw new FewShotException($"{path}: only notebooks (.ipynb, .dib) and C# files (.cs, .csx) can be imported"),
    };
}
