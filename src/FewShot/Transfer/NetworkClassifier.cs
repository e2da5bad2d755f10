using System.Security.Cryptography;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>A network as a classifier of image sets: its folded backbone, then its head, in chunks and without gradient.</summary>
public static class NetworkClassifier
{
    private const string TheNetwork = "The network";

    /// <summary>What the network says of each image.</summary>
    /// <param name="network">Any state; it stays as it is.</param>
    /// <param name="images">Images of the classes the head was trained for.</param>
    /// <param name="preprocessing">How pixels become input.</param>
    /// <param name="options">Chunks; with <see cref="FeatureBankOptions.Mirrored"/> the scores of an image and
    /// its mirror image are averaged.</param>
    /// <param name="progress">Told the number of images done.</param>
    /// <exception cref="FewShotException">There is no image, the network was trained on other classes, on another preprocessing or does
    /// not know its classes, or a score is not a number.</exception>
    public static Predictions Predict(
        ResNet network,
        ImageSet images,
        Preprocessing preprocessing,
        FeatureBankOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.Space.RequireClassNames(
            TheNetwork,
            "fine-tune it with FineTuner, start it from a head that was fitted on a feature bank, or make it with the names "
            + "(NewNetwork(images.ClassNames), ResNetOptions.For).");
        using var scores = Scores(network, images, preprocessing, options, progress);
        return new Predictions(scores, images.Labels, network.Space with { Preprocessing = preprocessing.Key }, images.Digest);
    }

    /// <summary>The network's scores, to be combined with another's.</summary>
    /// <returns>float32, N x classes, on the CPU.</returns>
    /// <inheritdoc cref="Predict"/>
    public static torch.Tensor Scores(
        ResNet network,
        ImageSet images,
        Preprocessing preprocessing,
        FeatureBankOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        CheckClasses(network, images);
        ArgumentNullException.ThrowIfNull(preprocessing);
        network.Space.RequireSame(TheNetwork, new LabelledSpace(Preprocessing: preprocessing.Key), images.Name);
        using var backbone = new FrozenResNet(network, "fine-tuned", Digest(network));
        using var bank = FeatureBank.Extract(backbone, images, preprocessing, options, progress);
        using var head = HeadOf(network);
        return bank.Scores(head);
    }

    /// <summary>
    /// Starts the network's head from one fitted on frozen features, so that fine-tuning begins where the linear probe ended
    /// (Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution").
    /// </summary>
    /// <exception cref="FewShotException">The head has other classes or features, or scales each vector to length 1,
    /// which a linear layer cannot.</exception>
    public static void StartFrom(ResNet network, LinearHead head)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(head);
        // The preprocessing is the head's to decide: the network has not been trained yet.
        (head.Space with { Preprocessing = null }).RequireSame(
            "The head", network.Space with { Preprocessing = null }, "the network that is to start from it");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (weight, bias) = head.Fold();
        if (!weight.shape.SequenceEqual(network.Head.weight.shape))
        {
            throw new FewShotException(
                $"The head has weights [{string.Join(", ", weight.shape)}]; "
                + $"the network needs [{string.Join(", ", network.Head.weight.shape)}] (classes, features).");
        }

        _ = network.Head.weight.copy_(weight);
        _ = network.Head.bias!.copy_(bias);
        network.Space = network.Space with
        {
            ClassNames = head.Space.ClassNames ?? network.Space.ClassNames,
            Preprocessing = head.Space.Preprocessing ?? network.Space.Preprocessing,
        };
    }

    /// <summary>SHA-256, in hexadecimal, over names and values of all weights.</summary>
    public static string Digest(ResNet network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var noGradient = torch.no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = torch.NewDisposeScope();
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name + '\n'));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static LinearHead HeadOf(ResNet network)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (weight, bias) = (network.Head.weight.detach().cpu().to(torch.float64), network.Head.bias!.detach().cpu().to(torch.float64));
        return new LinearHead(
            FeatureTransform.None(network.FeatureCount),
            weight.MoveToOuterDisposeScope(),
            bias.MoveToOuterDisposeScope(),
            new LabelledSpace(FeatureCount: network.FeatureCount));
    }

    internal static void CheckClasses(ResNet network, ImageSet images)
    {
        if (images.ClassNames.Count != network.Options.Classes)
        {
            throw new FewShotException(
                $"{images.Name} has {images.ClassNames.Count} classes, and the network's head {network.Options.Classes}: "
                + $"make the network with Classes = {images.ClassNames.Count}.");
        }

        network.Space.RequireSameClasses(TheNetwork, new LabelledSpace(images.ClassNames), images.Name);
    }
}
