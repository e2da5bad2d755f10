using FewShot.Kernel.Display;

namespace FewShot.Kernel.Sessions;

/// <summary>The namespaces that every cell may use without a <c>using</c>. A cell's own <c>using</c> goes before them.</summary>
internal static class Imports
{
    /// <summary>What C# notebooks import elsewhere, too.</summary>
    private static readonly string[] Usual =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Threading.Tasks",
        "Microsoft.DotNet.Interactive.Formatting",
    ];

    /// <summary>What programs, too, import without saying so (ImplicitUsings of the SDK).</summary>
    private static readonly string[] OfPrograms = ["System.IO", "System.Net.Http", "System.Threading"];

    /// <summary>The course's own, and TorchSharp's. By name, so that nothing of them is loaded before a cell uses it.</summary>
    private static readonly string[] OfTheCourse =
    [
        "FewShot.Charts", "FewShot.Course", "FewShot.Data", "FewShot.Episodes", "FewShot.Evaluation", "FewShot.Heads", "FewShot.Meta",
        "FewShot.Metric", "FewShot.Models", "FewShot.Onnx", "FewShot.Runtime", "FewShot.Studies", "FewShot.Text", "FewShot.Transfer",
        "FewShot.Trials", "FewShot.Vision", "TorchSharp",
    ];

    /// <summary>The namespaces that every cell can use without a using directive.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = [.. Usual, .. OfPrograms, .. OfTheCourse];

    /// <summary>The namespaces, and the class whose functions (<c>display</c> and others) a cell calls by their names alone.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Namespaces, typeof(CellFunctions).FullName!];
}
