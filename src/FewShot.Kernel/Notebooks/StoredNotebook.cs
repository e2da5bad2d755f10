using System.Globalization;
using System.Text.Json.Nodes;
using FewShot.Runtime;

namespace FewShot.Kernel.Notebooks;

/// <summary>An executed notebook as it is kept in a repository: still charts, no pictures that are another's, small.</summary>
public static class StoredNotebook
{
    /// <summary>The tag of cells whose pictures may not be stored.</summary>
    public const string ThirdPartyTag = "third-party-images";

    /// <summary>The field of such a cell's metadata that names the data, as "CIFAR-10".</summary>
    public const string ThirdPartyData = "third_party_data";

    private const int MaximumBytes = 1_000_000;

    /// <summary>The bytes to store.</summary>
    /// <exception cref="FewShotException">The notebook with its outputs would be larger than 1 MB.</exception>
    public static byte[] ToBytes(NotebookDocument executed)
    {
        ArgumentNullException.ThrowIfNull(executed);
        var stored = WithoutThirdParty(executed);
        foreach (var cell in stored.Cells.Where(cell => cell.IsCode))
        {
            foreach (var output in cell.Outputs)
                MakeStill((JsonObject)output!);
        }

        stored.MarkExecuted();
        var bytes = stored.ToBytes();
        if (bytes.Length < MaximumBytes)
            return bytes;
        var largest = stored.Cells.MaxBy(cell => cell.Outputs.ToJsonString().Length)!;
        throw new FewShotException(string.Create(
            CultureInfo.InvariantCulture,
            $"{executed.Path} would be {bytes.Length / 1e6:F2} MB with its outputs; a stored notebook stays under 1 MB. "
            + $"The largest output is that of cell {largest.ExecutionCount} (id {largest.Id}): "
            + $"show less, or tag it {ThirdPartyTag} if its pictures are another's."));
    }

    /// <summary>A copy without the pictures of cells that show others' data; a line stands for them.</summary>
    public static NotebookDocument WithoutThirdParty(NotebookDocument executed)
    {
        ArgumentNullException.ThrowIfNull(executed);
        var shown = executed.Copy();
        foreach (var cell in shown.Cells.Where(cell => cell.IsCode && cell.Outputs.Count > 0 && cell.Tags.Contains(ThirdPartyTag)))
            cell.SetOutputs(Placeholder(cell), cell.ExecutionCount);
        return shown;
    }

    private static JsonArray Placeholder(NotebookCell cell)
    {
        var data = cell.Metadata[ThirdPartyData] is JsonValue name && name.TryGetValue<string>(out var text) ? text : "others' data";
        return [new JsonObject
        {
            ["name"] = "stdout",
            ["output_type"] = "stream",
            ["text"] = MultilineText.Split(
                $"Pictures of {data} appear here when the notebook runs; they are not stored in the repository.\n"),
        }];
    }

    /// <summary>Scripts do not run where stored notebooks are read: what needs one gives way to its picture and text.</summary>
    private static void MakeStill(JsonObject output)
    {
        if (output["data"] is JsonObject { Count: > 1 } data
            && MultilineText.Join(data["text/html"])?.Contains("<script", StringComparison.OrdinalIgnoreCase) == true)
        {
            data.Remove("text/html");
        }
    }
}
