using FewShot.Data;
using FewShot.Runtime;
using FewShot.SafeTensors;

namespace FewShot.Studies;

/// <summary>
/// The course's own meta-trained weights: <c>data/meta</c>, each file of weights with the record of its making beside it.
/// </summary>
public static class MetaWeights
{
    /// <summary>The folder in this copy of the course.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string Folder => Path.Combine(DataFolder.Locate(null, Environment.CurrentDirectory, AppContext.BaseDirectory), "meta");

    /// <summary>The record of weights that are there, whole, in the form that this study gives them; null where there are none.</summary>
    /// <param name="folder">Where to look.</param>
    /// <param name="name">Their name: "omniglot-5way-1shot-maml".</param>
    internal static RunRecord? RecordOf(string folder, string name) =>
        File.Exists(WeightsPath(folder, name)) && File.Exists(RecordPath(folder, name)) ? RunRecord.Read(RecordPath(folder, name)) : null;

    internal static string WeightsPath(string folder, string name) => Path.Combine(folder, name + ".safetensors");

    /// <summary>SHA-256 of a file of weights, in lower-case hexadecimal.</summary>
    internal static string Digest(string path)
    {
        using var file = TensorFile.Read(path);
        return file.Digest;
    }

    internal static string RecordPath(string folder, string name) => Path.Combine(folder, name + ".json");
}
