using FewShot.Models;
using FewShot.Vision;

namespace FewShot.Transfer;

/// <summary>A frozen network, and how pixels become the input that it was trained on: what a <see cref="Classifier"/> stands on.</summary>
/// <param name="Network">The network; it stays the caller's.</param>
/// <param name="Preprocessing">Its preprocessing; the size is the classifier's to choose.</param>
public sealed record ClassifierBackbone(IFeatureExtractor Network, Preprocessing Preprocessing)
{
    /// <summary>The network that comes with the build (<see cref="PretrainedResNet.Packaged()"/>), frozen on the present device.</summary>
    /// <returns>A backbone whose network is the caller's to dispose.</returns>
    /// <exception cref="Runtime.FewShotException">Its files are missing or damaged.</exception>
    public static ClassifierBackbone Packaged()
    {
        using var pretrained = PretrainedResNet.Packaged();
        return new ClassifierBackbone(pretrained.Freeze(), pretrained.Preprocessing);
    }
}
