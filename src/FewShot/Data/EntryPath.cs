namespace FewShot.Data;

/// <summary>Paths that come from elsewhere: only those that stay inside the folder they are put in are taken.</summary>
internal static class EntryPath
{
    /// <summary>True for a relative path of ordinary names: no root, no drive, no <c>..</c>, no backslash, no control character.</summary>
    public static bool IsInside(string path) =>
        path.Length is > 0 and < 1024
        && !path.Any(letter => letter is '\\' or ':' || char.IsControl(letter))
        && path.Split('/').All(name => name is not ("" or "." or ".."));

    /// <summary>An archive's own spelling without what says nothing: a leading <c>./</c>, a trailing slash.</summary>
    public static string Plain(string path)
    {
        if (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        return path.TrimEnd('/');
    }
}
