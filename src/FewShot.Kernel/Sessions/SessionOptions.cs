using FewShot.Kernel.Display;
using FewShot.Kernel.Packages;

namespace FewShot.Kernel.Sessions;

/// <summary>What a session needs to know.</summary>
public sealed record SessionOptions
{
    /// <summary>The folder that <c>#load</c>, <c>#r</c> and relative paths start from: the notebook's.</summary>
    public string Folder { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Renderers asked, in order, before the registered formatters.</summary>
    public IReadOnlyList<IDisplayRenderer> Renderers { get; init; } = [];

    /// <summary>Where the projects are kept that fetch packages.</summary>
    public string PackageCache { get; init; } = PackageRestore.UsualCache;
}
