namespace FewShot.Benchmarks;

/// <summary>What a Python needs to be a peer.</summary>
/// <param name="Name">What it is called in messages: "PyTorch".</param>
/// <param name="Imports">The modules, as <c>import</c> names them.</param>
/// <param name="Packages">Debian's packages with them.</param>
internal sealed record PythonModules(string Name, string Imports, string Packages)
{
    /// <summary>PyTorch and torchvision.</summary>
    public static PythonModules PyTorch { get; } =
        new("PyTorch", "torch, torchvision", "python3-torch python3-torchvision");
}
