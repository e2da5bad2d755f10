using System.Text.Json.Nodes;

namespace FewShot.Kernel.Notebooks;

/// <summary>The displays of a notebook by id, so that a later cell can update what an earlier one showed.</summary>
internal sealed class DisplayIndex
{
    private readonly Dictionary<string, JsonObject> displays = [];

    public void Add(string id, JsonObject output) => displays[id] = output;

    public void Update(string id, JsonObject data)
    {
        if (displays.TryGetValue(id, out var output))
            output["data"] = data;
    }
}
