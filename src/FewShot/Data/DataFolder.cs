using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>Where data sets and weights lie: the folder that <c>FEWSHOT_DATA</c> names, else the course's own <c>data/</c>.</summary>
public sealed class DataFolder
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "FEWSHOT_DATA";

    /// <summary>Uses this folder; it need not exist until something is downloaded into it.</summary>
    public DataFolder(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        Root = Path.GetFullPath(root);
    }

    /// <summary>
    /// The folder that <c>FEWSHOT_DATA</c> names; else the nearest <c>data/</c> that holds a <c>manifest.json</c>, looked for
    /// upward from the current folder and then from the program's own.
    /// </summary>
    /// <exception cref="FewShotException">The variable names no folder, or it is not set and no such <c>data/</c> is found.</exception>
    public static DataFolder Default =>
        new(Locate(Environment.GetEnvironmentVariable(Variable), Environment.CurrentDirectory, AppContext.BaseDirectory));

    /// <summary>The full path.</summary>
    public string Root { get; }

    /// <summary>The folder with CIFAR-10's binary files, or null where there is none.</summary>
    /// <exception cref="FewShotException">The folder is there, but not whole.</exception>
    public string? FindCifar10()
    {
        var folder = Path.Combine(Root, "cifar-10-batches-bin");
        if (!Directory.Exists(folder))
            return null;
        return Cifar10.IsIn(folder)
            ? folder
            : throw new FewShotException($"{folder} does not hold all six files of CIFAR-10's binary version in their full length. Remove the folder and download it again.");
    }

    /// <summary>
    /// ResNet-18's ImageNet weights: the published <c>weights/resnet18.tv_in1k.safetensors</c>, else the first
    /// <c>weights/resnet18*.safetensors</c> by name, or null where there is none.
    /// </summary>
    public string? FindResNet18Weights()
    {
        var folder = Path.Combine(Root, "weights");
        if (!Directory.Exists(folder))
            return null;
        var published = Path.Combine(folder, "resnet18.tv_in1k.safetensors");
        return File.Exists(published)
            ? published
            : Directory.EnumerateFiles(folder, "resnet18*.safetensors").Order(StringComparer.Ordinal).FirstOrDefault();
    }

    internal static string Locate(string? variable, params string[] starts)
    {
        if (!string.IsNullOrWhiteSpace(variable))
        {
            return Directory.Exists(variable)
                ? variable
                : throw new FewShotException($"{Variable} is '{variable}', but there is no such folder. Make it, correct the path, or unset the variable to use the course's own data folder.");
        }

        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var data = Path.Combine(folder.FullName, "data");
                if (File.Exists(Path.Combine(data, "manifest.json")))
                    return data;
            }
        }

        throw new FewShotException($"There is no data folder: run inside a copy of the course (it has data/manifest.json), or set {Variable} to a folder of your own.");
    }
}
