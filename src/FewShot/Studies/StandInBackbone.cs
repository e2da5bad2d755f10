using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// The course's own backbone, for use where the ImageNet weights are not at hand: <see cref="ResNetOptions.Small"/>, trained on the
/// base classes of <see cref="Shapes"/> by <see cref="StandInTraining"/>.
/// </summary>
public static class StandInBackbone
{
    /// <summary>The name of the weights file in <c>data/standin</c>.</summary>
    public const string WeightsFile = "resnet-small-shapes.safetensors";

    /// <summary>The name of the record of its making, beside it.</summary>
    public const string RecordFile = "resnet-small-shapes.json";

    /// <summary>The command that makes both.</summary>
    public const string Command = "dotnet run -c Release --project src/FewShot.Kernel -- train-standin";

    /// <summary>What the backbone was trained with, and what it must be given: its images' own 32 pixels.</summary>
    public static Preprocessing Preprocessing { get; } = new(Shapes.Side);

    /// <summary>The network that the file holds, with one output per base class.</summary>
    public static ResNetOptions Options { get; } = ResNetOptions.Small with { Classes = Shapes.BaseClassNames.Count };

    /// <summary>The folder of weights and record: <c>standin</c> in the course's own data folder.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string Folder => Path.Combine(DataFolder.Locate(null, Environment.CurrentDirectory, AppContext.BaseDirectory), "standin");

    /// <summary>Loads the frozen backbone.</summary>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <exception cref="FewShotException">The weights are missing or damaged.</exception>
    public static FrozenResNet Load(torch.Device? device = null) => Load(Folder, device);

    /// <inheritdoc cref="Load(torch.Device?)"/>
    internal static FrozenResNet Load(string folder, torch.Device? device)
    {
        var path = Path.Combine(folder, WeightsFile);
        return File.Exists(path)
            ? FrozenResNet.Load(path, Options, device, isStandIn: true)
            : throw new FewShotException($"{path} is missing. It is part of the course: take it from the repository again, or make it with: {Command}");
    }
}
