using System.CommandLine;
using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Kernel.Jupyter;

/// <summary>The command <c>doctor</c>: says what is there, what is missing, and how to get it.</summary>
internal static class DoctorCommand
{
    private const string GpuAdvice =
        "nvidia-smi must list it here, a container needs NVIDIA's container toolkit on its host, "
        + "and the program must be built with TorchBackend=cuda.";

    private static readonly string[] FrontEnds = ["jupyter-lab", "jupyter-notebook", "code"];

    public static Command Create() => Create(Console.Out, Environment.GetEnvironmentVariable);

    /// <param name="output">Takes the report.</param>
    /// <param name="variable">The environment.</param>
    public static Command Create(TextWriter output, Func<string, string?> variable)
    {
        var command = new Command("doctor", "Says what is there, what is missing, and how to get it.");
        command.SetAction(_ =>
        {
            var works = Native(output, variable);
            Kernel(output, variable);
            FrontEnd(output, variable);
            Images(output);
            return works ? 0 : 1;
        });
        return command;
    }

    private static bool Native(TextWriter output, Func<string, string?> variable)
    {
        try
        {
            var works = Torch.Describe();
            // Whoever asks for the GPU is told here that it is missing, and need not find out from long waiting.
            var lacksGpu = variable("TorchBackend") == "cuda" && !torch.cuda.is_available();
            Line(output, !lacksGpu, "Computing", lacksGpu ? $"{works}. TorchBackend is cuda, but no GPU is seen: {GpuAdvice}" : works);
            foreach (var finding in DeviceCheck.Run())
                output.WriteLine(finding);
            return true;
        }
        catch (FewShotException e)
        {
            Line(
                output,
                false,
                "Computing",
                $"{e.Message} On Windows, use WSL or the dev container; on Linux, build again: dotnet build -c Release.");
            return false;
        }
    }

    private static void Kernel(TextWriter output, Func<string, string?> variable)
    {
        var folder = JupyterFolders.User(variable);
        var found = new[] { new KernelSpec(folder, KernelSpec.UsualName), new KernelSpec(folder, KernelSpec.OwnName) }
            .FirstOrDefault(spec => spec.IsOurs);
        const string Install = "dotnet run -c Release --project src/FewShot.Kernel -- install";
        if (found is null)
            Line(output, false, "Kernel", $"not installed for this user. Run: {Install}");
        else if (found.Arguments is [var host, var program, ..] && File.Exists(program) && (File.Exists(host) || OnPath(host, variable)))
            Line(output, true, "Kernel", $"{found.Name}, in {found.Folder}");
        else
            Line(output, false, "Kernel", $"{found.Folder} starts a program that is gone. Run again: {Install}");
    }

    private static void FrontEnd(TextWriter output, Func<string, string?> variable)
    {
        var found = FrontEnds.Where(name => OnPath(name, variable)).ToList();
        Line(output, found.Count > 0, "Front end", found.Count > 0
            ? string.Join(", ", found)
            : "none on the PATH. VS Code with the Jupyter extension, or: python3 -m pip install jupyterlab "
                + "(Debian and Ubuntu: apt install jupyter-notebook). The command run needs none.");
    }

    private static void Images(TextWriter output)
    {
        try
        {
            var data = DataFolder.Default;
            var found = data.FindCifar10() is not null;
            Line(output, found, "Data", found
                ? $"CIFAR-10, in {data.Root}"
                : $"CIFAR-10 is not in {data.Root} yet: the notebooks download it, or use generated images where they cannot.");
        }
        catch (FewShotException e)
        {
            Line(output, false, "Data", e.Message);
        }
    }

    private static bool OnPath(string name, Func<string, string?> variable) => (variable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".exe")));

    private static void Line(TextWriter output, bool isThere, string what, string text) =>
        output.WriteLine(new DeviceFinding(isThere, what, text));
}
