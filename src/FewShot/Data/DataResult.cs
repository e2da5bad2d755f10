namespace FewShot.Data;

/// <summary>Whether something is there to work with.</summary>
/// <param name="Path">The file or folder, or null when it is neither there nor to be had.</param>
/// <param name="Sentence">One plain sentence that says so, for the output; it names no path of this machine.</param>
public sealed record DataResult(string? Path, string Sentence);
