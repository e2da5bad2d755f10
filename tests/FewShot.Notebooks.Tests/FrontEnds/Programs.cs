using System.Diagnostics;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>What other people's front ends are made of, where it is installed.</summary>
internal static class Programs
{
    private static readonly Lazy<string?> NbclientPython = new(() => PythonThat("import nbclient"));
    private static readonly Lazy<string?> NotebookPython = new(() =>
        PythonThat("import notebook, sys; sys.exit(int(notebook.__version__.split('.')[0]) > 6)"));

    private static readonly Lazy<string?> NbconvertPython = new(() => PythonThat("import nbconvert"));

    private static readonly Lazy<string?> KernelTestsPython = new(() => PythonThat("import jupyter_kernel_test"));

    private static readonly Lazy<string?> Browser = new(() =>
        new[] { "chromium", "chromium-browser", "google-chrome" }.SelectMany(Installed).FirstOrDefault());

    /// <summary>A Python with nbclient; the test is skipped where there is none.</summary>
    public static string Nbclient() => Required(NbclientPython.Value, "python3-nbclient");

    /// <summary>A Python with the classic Notebook (before 7).</summary>
    public static string ClassicNotebook() => Required(NotebookPython.Value, "jupyter-notebook");

    /// <summary>A Python with nbconvert.</summary>
    public static string Nbconvert() => Required(NbconvertPython.Value, "python3-nbconvert");

    /// <summary>A Python with Jupyter's tests of kernels.</summary>
    public static string KernelTests() => Required(KernelTestsPython.Value, "python3-jupyter-kernel-test");

    /// <summary>Chromium.</summary>
    public static string Chromium() => Required(Browser.Value, "chromium");

    /// <summary>What fetches JupyterLab and starts it.</summary>
    public static string JupyterLabScript { get; } =
        Path.Combine(Course.Root, "tests", "FewShot.Notebooks.Tests", "FrontEnds", "jupyterlab");

    /// <summary>The folder with JupyterLab, which runs in the Python of the classic Notebook.</summary>
    public static string JupyterLab()
    {
        ClassicNotebook();
        var folder = Path.Combine("artifacts", "jupyterlab");
        Assert.SkipUnless(
            File.Exists(Path.Combine(Course.Root, folder, "ready")),
            $"JupyterLab is not in {folder}: `{Path.GetRelativePath(Course.Root, JupyterLabScript)} get {folder}` fetches it from Debian.");
        return Path.Combine(Course.Root, folder);
    }

    /// <summary>The folder with ONNX Runtime for browsers.</summary>
    public static string OnnxRuntimeWeb()
    {
        var folder = Path.Combine("artifacts", "onnxruntime-web");
        var script = Path.Combine("tests", "FewShot.Notebooks.Tests", "FrontEnds", "onnxruntime-web");
        Assert.SkipUnless(
            File.Exists(Path.Combine(Course.Root, folder, "ready")),
            $"onnxruntime-web is not in {folder}: `{script} get {folder}` fetches it from npm.");
        return Path.Combine(Course.Root, folder);
    }

    private static string Required(string? found, string package)
    {
        Assert.SkipWhen(found is null, $"{package} of Debian or Ubuntu is not installed: apt-get install {package}.");
        return found!;
    }

    // The system's own Python comes first: another in the path seldom has the system's packages.
    private static string? PythonThat(string test) => Installed("python3").FirstOrDefault(python =>
    {
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", test]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    });

    private static IEnumerable<string> Installed(string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        return new[] { "/usr/bin" }.Concat(path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .Select(folder => Path.Combine(folder, program))
            .Where(File.Exists);
    }
}
