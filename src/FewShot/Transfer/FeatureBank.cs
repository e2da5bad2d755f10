using System.Globalization;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Text;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// The features of images, or of texts, under a frozen backbone, computed once: as long as the backbone does not change, an epoch that
/// recomputed them would find the same numbers.
/// </summary>
public sealed class FeatureBank : ILabelledFeatures, IDisposable
{
    private const string TheHead = "The head";

    private readonly Lazy<torch.Tensor> mean;

    /// <summary>Takes ownership of both tensors.</summary>
    internal FeatureBank(
        string name, torch.Tensor views, torch.Tensor labels, IReadOnlyList<string> classNames, FeatureSource source, bool isStandIn)
    {
        Runtime.ClassNames.Check(name, classNames);
        Name = name;
        Views = views.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        ClassNames = classNames;
        Source = source;
        IsStandIn = isStandIn;
        mean = new Lazy<torch.Tensor>(() =>
            Views.shape[0] == 1 ? Views[0].DetachFromDisposeScope() : Views.mean([0]).DetachFromDisposeScope());
    }

    /// <summary>What it is, for outputs: the image set, the backbone, the size.</summary>
    public string Name { get; }

    /// <summary>float32, views x N x D, on the CPU.</summary>
    public torch.Tensor Views { get; }

    /// <summary>float32, N x D, on the CPU: the mean over views. It is the bank's: do not dispose it.</summary>
    public torch.Tensor Features => mean.Value;

    /// <summary>int64, N, on the CPU.</summary>
    public torch.Tensor Labels { get; }

    /// <summary>The name of each label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>What it was made from.</summary>
    public FeatureSource Source { get; }

    /// <inheritdoc/>
    public LabelledSpace Space => new(ClassNames, FeatureCount, Source.Preprocessing, Source.Weights);

    /// <summary>True where generated images stand in for real ones.</summary>
    public bool IsStandIn { get; }

    /// <summary>Number of images.</summary>
    public int Count => (int)Views.shape[1];

    /// <summary>Length D of a feature vector.</summary>
    public int FeatureCount => (int)Views.shape[2];

    /// <summary>Passes each view of each image through the backbone once.</summary>
    /// <param name="backbone">The frozen backbone.</param>
    /// <param name="images">At least one image.</param>
    /// <param name="preprocessing">How pixels become its input.</param>
    /// <param name="options">Chunks and views.</param>
    /// <param name="progress">Told the number of images done.</param>
    /// <exception cref="FewShotException">There is no image, a setting is out of range, or a feature is not a number.</exception>
    public static FeatureBank Extract(
        IFeatureExtractor backbone,
        ImageSet images,
        Preprocessing preprocessing,
        FeatureBankOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(preprocessing);
        options ??= new FeatureBankOptions();
        if (images.Count == 0)
            throw new FewShotException($"{images.Name} has no images to take features of.");
        if (options.ChunkSize < 1 || options.AugmentedViews < 0)
        {
            throw new FewShotException(
                "A feature bank needs a chunk size of at least 1 and at least 0 augmented views; "
                + $"found {options.ChunkSize} and {options.AugmentedViews}.");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var views = torch.empty([options.ViewCount, images.Count, backbone.FeatureCount], torch.float32);
        Fill(views, backbone, images, preprocessing, options, progress ?? ProgressSink.Current);
        if (!views.isfinite().all().item<bool>())
        {
            throw new FewShotException(
                $"A feature of {images.Name} is not a number or infinite: the weights of {backbone.Description} are damaged.");
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{images.Name} at {preprocessing.Size} px, {backbone.Name}");
        return new FeatureBank(
            name, views.MoveToOuterDisposeScope(), images.Labels.clone().MoveToOuterDisposeScope(), images.ClassNames,
            SourceOf(backbone, images, preprocessing, options), images.IsStandIn);
    }

    /// <summary>Passes each text through an encoder once, and each varied copy of it.</summary>
    /// <param name="encoder">The frozen encoder.</param>
    /// <param name="texts">At least one text.</param>
    /// <param name="augmentation">Makes the copies, each a further view; for training texts only.</param>
    /// <param name="progress">Told the number of texts done.</param>
    /// <exception cref="FewShotException">There is no text.</exception>
    public static FeatureBank Extract(
        ITextEncoder encoder, TextSet texts, TextAugmentation? augmentation = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(texts);
        using var scope = torch.NewDisposeScope();
        IReadOnlyList<IReadOnlyList<string>> views = [texts.Texts, .. augmentation?.Copies(texts.Texts) ?? []];
        var key = augmentation is null ? FeatureSource.OfText : $"{FeatureSource.OfText}, {augmentation.Key}";
        return new FeatureBank(
            $"{texts.Name}, {encoder.Name}",
            torch.stack([.. views.Select(view => encoder.Encode(view, progress))]).MoveToOuterDisposeScope(),
            torch.tensor(texts.Labels.ToArray(), torch.int64).MoveToOuterDisposeScope(),
            texts.ClassNames,
            new FeatureSource(texts.Digest, encoder.WeightsDigest, encoder.Preprocessing, key, DeviceName),
            isStandIn: false);
    }

    /// <summary>Takes the features from a cache folder where they are there, and computes and keeps them where they are not.</summary>
    /// <remarks>
    /// A file that is damaged or was made from anything else is never used, but replaced. Where the folder cannot be written, the features
    /// are returned all the same, with a warning.
    /// </remarks>
    /// <param name="cacheFolder">Made where missing.</param>
    /// <inheritdoc cref="Extract(IFeatureExtractor, ImageSet, Preprocessing, FeatureBankOptions?, IProgress{StepProgress}?)"/>
    /// <param name="backbone"/><param name="images"/><param name="preprocessing"/><param name="options"/><param name="progress"/>
    public static FeatureBank ExtractOrLoad(
        string cacheFolder,
        IFeatureExtractor backbone,
        ImageSet images,
        Preprocessing preprocessing,
        FeatureBankOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(cacheFolder);
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(preprocessing);
        options ??= new FeatureBankOptions();
        var source = SourceOf(backbone, images, preprocessing, options);
        var path = Path.Combine(cacheFolder, $"features-{source.Digest[..32]}.safetensors");
        if (File.Exists(path))
        {
            try
            {
                return FeatureBankFile.Read(path, source);
            }
            catch (FewShotException e)
            {
                (progress ?? ProgressSink.Current).Report(new StepProgress("features", 0, images.Count, $"computed again: {e.Message}"));
            }
        }

        var bank = Extract(backbone, images, preprocessing, options, progress);
        new KeptFile(path, "The features are used, and computed again the next time.").Write(bank.Save);
        return bank;
    }

    /// <summary>Reads a saved bank.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it must have been made from; null to take whatever it says.</param>
    /// <exception cref="FewShotException">The file is missing, damaged, or was made from anything else.</exception>
    public static FeatureBank Load(string path, FeatureSource? expected = null) => FeatureBankFile.Read(path, expected);

    /// <summary>Puts the features of the same images side by side: several sizes, or several backbones.</summary>
    /// <param name="banks">At least one, all of the same images in the same order, with the same number of views.</param>
    /// <returns>A bank whose D is the sum of theirs.</returns>
    /// <exception cref="FewShotException">The banks are not of the same images or views.</exception>
    public static FeatureBank Concatenate(params IReadOnlyList<FeatureBank> banks)
    {
        ArgumentNullException.ThrowIfNull(banks);
        if (banks.Count == 0)
            throw new FewShotException("There is no feature bank to put side by side.");
        var first = banks[0];
        if (banks.FirstOrDefault(bank => bank.Source.Data != first.Source.Data || bank.Source.Views != first.Source.Views) is { } other)
        {
            throw new FewShotException(
                "Feature banks side by side must be of the same images and views: "
                + $"'{first.Name}' ({first.Source.Views}) and '{other.Name}' ({other.Source.Views}) are not.");
        }

        string Join(Func<FeatureSource, string> part) => string.Join(" + ", banks.Select(bank => part(bank.Source)));
        return new FeatureBank(
            string.Join(" + ", banks.Select(bank => bank.Name)),
            torch.cat([.. banks.Select(bank => bank.Views)], 2),
            first.Labels.clone(),
            first.ClassNames,
            new FeatureSource(first.Source.Data, Join(s => s.Weights), Join(s => s.Preprocessing), first.Source.Views, Join(s => s.Device)),
            banks.Any(bank => bank.IsStandIn));
    }

    /// <summary>Saves it as safetensors, whole or not at all.</summary>
    public void Save(string path) => FeatureBankFile.Write(path, this);

    /// <summary>A new bank of the images at these positions, in this order.</summary>
    /// <exception cref="FewShotException">A position is outside 0..Count-1, or there is none.</exception>
    public FeatureBank Select(IReadOnlyList<long> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var outside = positions.Count(position => position < 0 || position >= Count);
        if (positions.Count == 0 || outside > 0)
        {
            throw new FewShotException(
                $"{Name}: positions must be from 0 to {Count - 1}, and at least one; "
                + $"found {positions.Count}, of which {outside} are outside.");
        }

        using var scope = torch.NewDisposeScope();
        var index = torch.tensor(positions.ToArray(), torch.int64);
        var numbers = positions.Select(position => position.ToString(CultureInfo.InvariantCulture));
        var source = Source with { Data = FeatureSource.Selection + FeatureSource.Hash([Source.Data, .. numbers]) };
        return new FeatureBank(
            Name,
            Views.index_select(1, index).MoveToOuterDisposeScope(),
            Labels.index_select(0, index).MoveToOuterDisposeScope(),
            ClassNames,
            source,
            IsStandIn);
    }

    /// <summary>What a head says of each image: its scores, averaged over views.</summary>
    /// <exception cref="FewShotException">The head was fitted on other classes, on features of another backbone or preprocessing, or
    /// does not know what it was fitted on.</exception>
    public Predictions Predict(IHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        head.Space.RequireClassNames(
            TheHead, "fit it on a feature bank in place of plain tensors, or make Predictions of your own from the bank's Scores.");
        using var scores = Scores(head);
        return new Predictions(scores, Labels, Space, Source.Images) { Example = Source.Example };
    }

    /// <summary>A head's scores, averaged over views: to be combined with another's.</summary>
    /// <returns>float32, N x classes.</returns>
    /// <exception cref="FewShotException">The head was fitted on other classes, or on features of another backbone or
    /// preprocessing.</exception>
    public torch.Tensor Scores(IHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        head.Space.RequireSame(TheHead, Space, $"'{Name}'");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scores = Enumerable.Range(0, (int)Views.shape[0]).Select(view => head.Scores(Views[view])).ToList();
        return torch.stack(scores).mean([0]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (mean.IsValueCreated)
            mean.Value.Dispose();
        Views.Dispose();
        Labels.Dispose();
    }

    /// <summary>"CIFAR-10 test at 128 px, ResNet-18...: 10,000 images x 512 features, 2 views".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Count:N0} {Source.Example}s x {FeatureCount} features, "
        + $"{Views.shape[0]} {(Views.shape[0] == 1 ? "view" : "views")}{(IsStandIn ? ", stand-in" : string.Empty)}");

    private static string DeviceName => Torch.Device.type.ToString().ToLowerInvariant();

    private static FeatureSource SourceOf(
        IFeatureExtractor backbone, ImageSet images, Preprocessing preprocessing, FeatureBankOptions options) =>
        new(images.Digest, backbone.WeightsDigest, preprocessing.Key, options.Key, DeviceName);

    private static void Fill(
        torch.Tensor views,
        IFeatureExtractor backbone,
        ImageSet images,
        Preprocessing preprocessing,
        FeatureBankOptions options,
        IProgress<StepProgress> progress)
    {
        var activity = string.Create(CultureInfo.InvariantCulture, $"features of {images.Name} at {preprocessing.Size} px");
        // A generator for each view: its draws go on from chunk to chunk, whatever the size of the chunks.
        var augmentations = Enumerable.Range(0, options.AugmentedViews)
            .Select(view => new Augmentation(options.Augmentation, unchecked((long)new StableRandom(options.Seed, view).NextBits())))
            .ToList();
        Func<torch.Tensor, torch.Tensor>[] makers =
        [
            chunk => chunk.alias(),
            .. options.Mirrored ? [chunk => chunk.flip(3)] : Array.Empty<Func<torch.Tensor, torch.Tensor>>(),
            .. augmentations.Select(augmentation => (Func<torch.Tensor, torch.Tensor>)(chunk => augmentation.Apply(chunk))),
        ];
        try
        {
            for (var start = 0; start < images.Count; start += options.ChunkSize)
            {
                progress.Report(new StepProgress(activity, start, images.Count));
                using var scope = torch.NewDisposeScope();
                var count = Math.Min(options.ChunkSize, images.Count - start);
                var chunk = images.Images.narrow(0, start, count).to(Torch.Device);
                foreach (var (view, make) in makers.Index())
                {
                    using var inner = torch.NewDisposeScope();
                    var features = backbone.Features(preprocessing.Apply(make(chunk), Torch.Device));
                    if (features.dim() != 2 || features.shape[0] != count || features.shape[1] != views.shape[2])
                    {
                        throw new FewShotException(
                            $"{backbone.Description} promised {count} x {views.shape[2]} features "
                            + $"and gave [{string.Join(", ", features.shape)}].");
                    }

                    _ = views[view].narrow(0, start, count).copy_(features);
                }
            }
        }
        finally
        {
            augmentations.ForEach(augmentation => augmentation.Dispose());
        }

        progress.Report(new StepProgress(activity, images.Count, images.Count));
    }
}
