using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Runtime;

namespace FewShot.Kernel.Jupyter;

/// <summary>
/// A kernel's entry in Jupyter's data folder: <c>kernels/NAME/kernel.json</c>. Those of others are never touched unless told to.
/// </summary>
/// <param name="dataFolder">The data folder.</param>
/// <param name="name">The kernel's name.</param>
internal sealed partial class KernelSpec(string dataFolder, string name)
{
    /// <summary>The name that .NET notebooks carry: with it they open without being changed.</summary>
    public const string UsualName = ".net-csharp";

    /// <summary>The name to take where that one is another's.</summary>
    public const string OwnName = "fewshot-csharp";

    private const string Mark = "fewshot";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The kernel's name.</summary>
    public string Name { get; } = ValidName().IsMatch(name)
        ? name
        : throw new FewShotException($"'{name}' is no name for a kernel: Jupyter allows letters, digits, '.', '_' and '-'.");

    /// <summary>The entry's folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(dataFolder), "kernels", name);

    private string File => Path.Combine(Folder, "kernel.json");

    /// <summary>Whether there is an entry of this name.</summary>
    public bool Exists => Path.Exists(Folder);

    /// <summary>Whether the entry is one that <see cref="Install"/> wrote.</summary>
    public bool IsOurs => Read() is JsonObject spec && spec["metadata"] is JsonObject metadata && metadata[Mark] is not null;

    /// <summary>The program that the entry starts, its arguments behind it; empty where there is none.</summary>
    public IReadOnlyList<string> Arguments => Read() is JsonObject spec && spec["argv"] is JsonArray arguments
        ? [.. arguments.OfType<JsonValue>().Select(argument => argument.ToString())]
        : [];

    /// <summary>Writes the entry, whole or not at all.</summary>
    /// <param name="arguments">What starts the kernel; Jupyter puts the connection file in place of <c>{connection_file}</c>.</param>
    /// <param name="force">Whether to replace another's entry.</param>
    /// <exception cref="FewShotException">The entry is another's, or the folder cannot be written.</exception>
    public void Install(IReadOnlyList<string> arguments, bool force)
    {
        if (Exists && !IsOurs && !force)
            throw new FewShotException($"{Folder} belongs to another kernel. Choose another name with --name, or replace it with --force.");
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]),
            ["display_name"] = Name == UsualName ? ".NET (C#)" : ".NET (C#), FewShot",
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { [Mark] = true },
        };
        Try(() => AtomicFile.WriteText(File, spec.ToJsonString(Readable) + "\n"));
    }

    /// <summary>Removes the entry.</summary>
    /// <exception cref="FewShotException">There is none, it is another's, or it cannot be removed.</exception>
    public void Remove()
    {
        if (!Exists)
            throw new FewShotException($"There is no kernel {Name} in {Path.GetDirectoryName(Folder)}.");
        if (!IsOurs)
            throw new FewShotException($"{Folder} belongs to another kernel; it is left alone.");
        Try(() => Directory.Delete(Folder, recursive: true));
    }

    private JsonNode? Read()
    {
        try
        {
            return System.IO.File.Exists(File) ? JsonNode.Parse(System.IO.File.ReadAllText(File)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // A file that cannot be read was not written by this class, so the entry counts as another kernel's.
            return null;
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FewShotException)
        {
            throw new FewShotException(
                $"{Folder} cannot be written: {(e.InnerException ?? e).Message} "
                + "Choose a folder of your own (--user), or a --prefix that you may write to.",
                e);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}$")]
    private static partial Regex ValidName();
}
