using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace FewShot.Models;

/// <summary>
/// A residual network of basic blocks (He et al. 2016, "Deep Residual Learning for Image Recognition"), with torchvision's parameter
/// names and arithmetic: weights made for one serve the other.
/// </summary>
public sealed class ResNet : Module<torch.Tensor, torch.Tensor>
{
    private readonly Linear fc;
    private readonly Stem stem;
    private readonly List<BasicBlock> blocks = [];

    /// <summary>New weights as torchvision draws them; seed first (<see cref="Torch.Seed"/>) to get the same again.</summary>
    public ResNet(ResNetOptions options)
        : base(nameof(ResNet))
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Widths.Count == 0
            || options.Blocks.Count != options.Widths.Count
            || options.Widths.Concat(options.Blocks).Any(count => count < 1)
            || options.Classes < 1)
        {
            throw new FewShotException(
                $"{options.Name}: a network needs a stage, a width and a number of blocks for each stage, "
                + "and all of them and its classes at least 1.");
        }

        if (options.ClassNames is { } names)
        {
            ClassNames.Check(options.Name, names);
            if (names.Count != options.Classes)
                throw new FewShotException($"{options.Name}: {options.Classes} classes need as many names; found {names.Count}.");
        }

        Torch.Load();
        Options = options;
        FeatureCount = options.Widths[^1];
        Space = new LabelledSpace(options.ClassNames, FeatureCount);
        var imageNet = options.Stem == ResNetStem.ImageNet;
        var conv1 = BasicBlock.Convolution(3, options.Widths[0], imageNet ? 7 : 3, imageNet ? 2 : 1);
        var bn1 = BatchNorm2d(options.Widths[0]);
        register_module("conv1", conv1);
        register_module("bn1", bn1);
        stem = new Stem(conv1, bn1, pool: imageNet);
        var groups = new List<KeyValuePair<string, Module<torch.Tensor, torch.Tensor>>> { new("stem", stem) };
        var inputs = options.Widths[0];
        foreach (var (index, width) in options.Widths.Index())
        {
            for (var block = 0; block < options.Blocks[index]; block++)
            {
                blocks.Add(new BasicBlock(inputs, width, stride: block == 0 && index > 0 ? 2 : 1));
                inputs = width;
            }

            var stage = Sequential(blocks.TakeLast(options.Blocks[index]));
            register_module($"layer{index + 1}", stage);
            groups.Add(new($"layer{index + 1}", stage));
        }

        fc = Linear(FeatureCount, options.Classes);
        register_module("fc", fc);
        Groups = groups;
    }

    /// <summary>What it was built from.</summary>
    public ResNetOptions Options { get; }

    /// <summary>Length D of a feature vector.</summary>
    public int FeatureCount { get; }

    /// <summary>
    /// What its head knows: the classes, the preprocessing that it was trained with, and the digest of the backbone that it began as. What
    /// nobody said is null.
    /// </summary>
    public LabelledSpace Space { get; internal set; }

    /// <summary>
    /// The backbone's layer groups by name, from the input on: <c>stem</c>, <c>layer1</c>, <c>layer2</c> and so on. Fine-tuning freezes
    /// a prefix of them.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Module<torch.Tensor, torch.Tensor>>> Groups { get; }

    /// <summary>The modules of <see cref="Groups"/>.</summary>
    public IEnumerable<Module<torch.Tensor, torch.Tensor>> Stages => Groups.Select(group => group.Value);

    /// <summary>The last layer, from features to class scores.</summary>
    public Linear Head => fc;

    /// <summary>Builds the network and loads every weight, the head included.</summary>
    /// <param name="path">A safetensors file under torchvision's names.</param>
    /// <param name="options">What the file holds.</param>
    /// <exception cref="FewShotException">The file is damaged, or a tensor is missing, unexpected, or of another shape or type.</exception>
    public static ResNet Load(string path, ResNetOptions options)
    {
        using var file = TensorFile.Read(path);
        var network = ResNetWeights.Load(file.Tensors, path, options, withHead: true);
        network.Space = NetworkSpace.Read(path, file.Metadata, network.Space, options.Classes);
        return network;
    }

    /// <summary>Builds the network and loads all but its head, which is new and has <see cref="ResNetOptions.Classes"/> outputs.</summary>
    /// <inheritdoc cref="Load(string, ResNetOptions)"/>
    public static ResNet LoadBackbone(string path, ResNetOptions options)
    {
        using var file = TensorFile.Read(path);
        return ResNetWeights.Load(file.Tensors, path, options, withHead: false);
    }

    /// <summary>Writes every weight as safetensors under torchvision's names, with <see cref="Space"/>, which loading reads.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="metadata">Free text kept in the file: how the weights were made.</param>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        TensorFile.Write(path, state_dict(), NetworkSpace.AddTo(metadata, Space));

    /// <summary>The pooled features before the head.</summary>
    /// <param name="images">float32, N x 3 x H x W, normalised.</param>
    /// <returns>float32, N x D.</returns>
    public torch.Tensor Features(torch.Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = images;
        foreach (var stage in Stages)
            hidden = stage.call(hidden);
        return hidden.mean([2, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>Class scores (logits).</summary>
    /// <param name="input">float32, N x 3 x H x W, normalised.</param>
    /// <returns>float32, N x classes.</returns>
    public override torch.Tensor forward(torch.Tensor input)
    {
        using var features = Features(input);
        return fc.call(features);
    }

    /// <summary>The layers for evaluation only: the stem, then the blocks.</summary>
    internal (FrozenStem Stem, IReadOnlyList<FrozenBlock> Blocks) Freeze(torch.Device device) =>
        (stem.Freeze(device), [.. blocks.Select(block => block.Freeze(device))]);

    /// <summary>The first of <see cref="Groups"/> for evaluation only.</summary>
    /// <param name="groups">How many, at least 1: the stem is the first.</param>
    /// <param name="device">Where to compute.</param>
    internal FrozenPrefix FreezePrefix(int groups, torch.Device device) =>
        new(stem.Freeze(device), [.. blocks.Take(Options.Blocks.Take(groups - 1).Sum()).Select(block => block.Freeze(device))]);

    /// <summary>Holds the same convolution and BatchNorm as the network, which registers them under torchvision's names.</summary>
    private sealed class Stem : Module<torch.Tensor, torch.Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly bool pool;

        public Stem(Conv2d conv1, BatchNorm2d bn1, bool pool)
            : base(nameof(Stem))
        {
            this.conv1 = conv1;
            this.bn1 = bn1;
            this.pool = pool;
            RegisterComponents();
        }

        public FrozenStem Freeze(torch.Device device) => new(new FrozenConvolution(conv1, bn1, device), pool);

        public override torch.Tensor forward(torch.Tensor input)
        {
            using var scope = torch.NewDisposeScope();
            var hidden = bn1.call(conv1.call(input)).relu_();
            return (pool ? functional.max_pool2d(hidden, 3, stride: 2, padding: 1) : hidden).MoveToOuterDisposeScope();
        }
    }
}
