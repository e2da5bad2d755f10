namespace FewShot.Kernel.Cells;

/// <summary>Names of source texts as a reader knows them: a cell by its number, a loaded file relative to the notebook.</summary>
internal static class CellPaths
{
    /// <summary>The compiler roots relative names in the session's folder; this takes it off again.</summary>
    public static string Show(string path, string folder) =>
        Path.IsPathRooted(path) ? Path.GetRelativePath(folder, path).Replace('\\', '/') : path;
}
