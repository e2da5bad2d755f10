using System.Diagnostics;
using System.Globalization;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// A classifier of one's own photos: learnt from a folder in seconds, kept in a file under 1 MB, used anywhere. It stands on a frozen
/// backbone, whose digest the file names; the backbone itself is not in the file.
/// </summary>
/// <remarks>
/// <para>Which head is sensible for so many photos is chosen for the user, and <see cref="Reason"/> says why: see
/// <see cref="ClassifierOptions"/> for what is left to choose.</para>
/// <para>The file holds the float32 features of the photos, so that
/// <see cref="Add(string, IReadOnlyList{string}, IProgress{StepProgress})"/> and <see cref="Remove"/> learn the head anew from the
/// numbers of a training on the changed folder, without any photo of the other classes: about 450 photos of 512 features fit. With more
/// of them the file holds the head alone, and <see cref="CanChange"/> is false.</para>
/// <para>It must not be changed and used by two threads at once.</para>
/// </remarks>
public sealed partial class Classifier : IDisposable
{
    private readonly ClassifierBackbone backbone;
    private readonly bool ownsBackbone;
    private ClassifierState state;

    private Classifier(ClassifierBackbone backbone, bool ownsBackbone, ClassifierState state)
    {
        this.backbone = backbone;
        this.ownsBackbone = ownsBackbone;
        this.state = state;
    }

    /// <summary>The name of each class, in ordinal order.</summary>
    public IReadOnlyList<string> ClassNames => state.Card.ClassNames;

    /// <summary>How many photos each class was learnt from, in the order of <see cref="ClassNames"/>.</summary>
    public IReadOnlyList<int> Photos => state.Card.Photos;

    /// <summary>The head that was chosen: "nearest centroid".</summary>
    public string Head => state.Card.Head;

    /// <summary>Why it was chosen.</summary>
    public string Reason => state.Card.Reason;

    /// <summary>
    /// How many of its own photos were classified rightly when they were held out, with the choice of the head made anew each time: what to
    /// expect of further photos like these. Null where a class has a single photo.
    /// </summary>
    public Accuracy? Expected => state.Card.Correct is { } correct ? new Accuracy(correct, state.Card.PhotoCount()) : null;

    /// <summary>What scores are divided by before the softmax, fitted on photos held out where every class has two.</summary>
    public double Temperature => state.Card.Temperature;

    /// <summary>
    /// A photo whose largest score is below it is refused; null where a class has a single photo, and nothing is refused.
    /// </summary>
    public double? Threshold => state.Card.Threshold?.Score;

    /// <summary>The share of new photos of its classes that it accepts, at least; null as <see cref="Threshold"/>.</summary>
    public double? Acceptance => state.Card.Threshold?.Acceptance;

    /// <summary>Whether it holds the features of its photos, so that classes can be added and removed.</summary>
    public bool CanChange => state.Features is not null;

    /// <summary>Where it came from: photos, backbone, settings, versions, figures.</summary>
    public RunRecord Record => state.Record;

    /// <summary>How pixels become the input of the backbone.</summary>
    public Preprocessing Preprocessing => backbone.Preprocessing with { Size = state.Card.Options.Size };

    /// <summary>The scores as a linear function of transformed features: what another program needs in order to answer alike.</summary>
    internal LinearHead Linear => state.Head;

    /// <summary>Whether the features of a photo are averaged with those of its mirror image.</summary>
    internal bool Mirrored => state.Card.Options.Mirrored;

    /// <summary>What it stands on.</summary>
    internal ClassifierBackbone Backbone => backbone;

    /// <summary>Learns the classes of a folder that holds one folder of photos for each.</summary>
    /// <param name="folder">As <see cref="ImageFolder.Load"/> takes it.</param>
    /// <param name="options">Settings.</param>
    /// <param name="backbone">What to stand on, which stays the caller's; null for the network that comes with the build.</param>
    /// <param name="progress">Told of photos, features and folds.</param>
    /// <exception cref="FewShotException">The folder is missing, has fewer than two classes, or holds something that is no photo; a setting
    /// is out of range; or the backbone cannot be read.</exception>
    public static Classifier Train(
        string folder, ClassifierOptions? options = null, ClassifierBackbone? backbone = null, IProgress<StepProgress>? progress = null)
    {
        options ??= new ClassifierOptions();
        options.Check("The classifier");
        using var images = ImageFolder.Load(folder, new ImageFolderOptions(options.Size), progress);
        return Train(images, options, backbone, progress);
    }

    /// <summary>Learns the classes of a set of images.</summary>
    /// <param name="images">At least one image of each class.</param>
    /// <inheritdoc cref="Train(string, ClassifierOptions, ClassifierBackbone, IProgress{StepProgress})"/>
    /// <param name="options"/><param name="backbone"/><param name="progress"/>
    public static Classifier Train(
        ImageSet images, ClassifierOptions? options = null, ClassifierBackbone? backbone = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        var clock = Stopwatch.StartNew();
        options ??= new ClassifierOptions();
        options.Check("The classifier");
        ClassifierState.CheckClasses(images);
        progress ??= ProgressSink.Current;
        var used = backbone ?? ClassifierBackbone.Packaged();
        try
        {
            using var scope = torch.NewDisposeScope();
            var features = FeaturesOf(images, used, options, progress);
            var origin = FeatureOrigin.Of(used, options);
            var learnt = ClassifierState.Learn(
                features, images.LabelValues, images.ClassNames, origin, NewRecord(images, origin), progress);
            return new Classifier(used, backbone is null, learnt.TookSeconds(clock.Elapsed.TotalSeconds));
        }
        catch when (backbone is null)
        {
            used.Network.Dispose();
            throw;
        }
    }

    /// <summary>Reads a classifier.</summary>
    /// <param name="path">What <see cref="Save"/> wrote.</param>
    /// <param name="backbone">The backbone that it stands on, which stays the caller's; null for the network that comes with the
    /// build.</param>
    /// <exception cref="FewShotException">The file is missing, damaged or no classifier, or it stands on another backbone.</exception>
    public static Classifier Load(string path, ClassifierBackbone? backbone = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var read = ClassifierFile.Read(path);
        var used = backbone;
        try
        {
            used ??= ClassifierBackbone.Packaged();
            RequireBackbone(path, read.Card, used);
            return new Classifier(used, backbone is null, read);
        }
        catch
        {
            read.Dispose();
            if (backbone is null)
                used?.Network.Dispose();
            throw;
        }
    }

    /// <summary>Writes it to a file, whole or not at all, by custom named <c>*.fewshot</c>.</summary>
    /// <remarks>The form is that of safetensors; up to about 200 classes it takes less than 1 MB.</remarks>
    /// <exception cref="FewShotException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ClassifierFile.Write(path, state);
    }

    /// <summary>What one photo shows.</summary>
    /// <inheritdoc cref="Classify(IReadOnlyList{string}, int, IProgress{StepProgress})"/>
    /// <param name="path">A PNG or JPEG file.</param>
    /// <param name="top">Classes to name, at least 1.</param>
    public Classification Classify(string path, int top = 3) => Classify([path], top)[0];

    /// <summary>What each photo shows.</summary>
    /// <param name="paths">PNG or JPEG files of any sizes, at least one.</param>
    /// <param name="top">Classes to name, at least 1.</param>
    /// <param name="progress">Told of photos and features.</param>
    /// <returns>One answer for each photo, in their order.</returns>
    /// <exception cref="FewShotException">A file is missing or no image, or <paramref name="top"/> is below 1.</exception>
    public IReadOnlyList<Classification> Classify(
        IReadOnlyList<string> paths, int top = 3, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        using var images = Read("The photos", paths, progress);
        return Answers(images, paths, top, progress);
    }

    /// <summary>What each image shows.</summary>
    /// <param name="images">uint8, N x 3 x H x W, at least one.</param>
    /// <param name="top">Classes to name, at least 1.</param>
    /// <param name="progress">Told of features.</param>
    /// <returns>One answer for each image, in their order.</returns>
    /// <exception cref="FewShotException">The images have another type or shape, or <paramref name="top"/> is below 1.</exception>
    public IReadOnlyList<Classification> Classify(torch.Tensor images, int top = 3, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        var count = images.dim() == 0 ? 0 : (int)images.shape[0];
        return Answers(
            images, [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"image {i}"))], top, progress);
    }

    /// <summary>The lines that say what it is, what to expect of it, and what it stands on.</summary>
    public override string ToString()
    {
        var classes = ClassNames.Zip(Photos, (name, count) => string.Create(CultureInfo.InvariantCulture, $"{name} ({count:N0})"));
        var refusal = Acceptance is { } acceptance
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"a photo that resembles no class is refused; of its own classes at least {100 * acceptance:0.0} % are accepted")
            : "none is refused, and confidence is a guess: for more, each class needs two photos";
        return string.Join('\n',
            $"classes:  {string.Join(", ", classes)}",
            $"head:     {Head}, because {Reason}",
            $"expect:   {Expected?.ToString() ?? "unknown: for an estimate, each class needs two photos"}",
            $"unknown:  {refusal}",
            $"backbone: {state.Card.Backbone} at {state.Card.Options.Size} px");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        state.Dispose();
        if (ownsBackbone)
            backbone.Network.Dispose();
    }

    private IReadOnlyList<Classification> Answers(
        torch.Tensor images, IReadOnlyList<string> names, int top, IProgress<StepProgress>? progress)
    {
        if (top < 1)
            throw new FewShotException($"An answer names at least 1 class; asked for {top}.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scores = state.Head.Scores(FeaturesOf(images, progress));
        var known = Accepted(scores);
        var (values, indexes) = (scores.to(torch.float64) / Temperature).softmax(1).topk(Math.Min(top, ClassNames.Count), 1);
        var (shares, labels, width) = (values.data<double>().ToArray(), indexes.data<long>().ToArray(), (int)values.shape[1]);
        return
        [
            .. names.Select((name, row) => new Classification(
                name,
                [.. Enumerable.Range(row * width, width).Select(i => new ClassProbability(ClassNames[(int)labels[i]], shares[i]))],
                known[row])),
        ];
    }

    private bool[] Accepted(torch.Tensor scores)
    {
        using var scope = torch.NewDisposeScope();
        return [.. scores.amax([1]).data<float>().Select(score => !(score < Threshold))];
    }

    private torch.Tensor Read(string owner, IReadOnlyList<string> paths, IProgress<StepProgress>? progress)
    {
        if (paths.Count == 0)
            throw new FewShotException($"{owner}: there is none; give the path of at least one PNG or JPEG file.");
        return ImageFolder.LoadFiles(
            owner, paths, new ImageFolderOptions(state.Card.Options.Size), progress ?? ProgressSink.Current);
    }

    private torch.Tensor FeaturesOf(torch.Tensor images, IProgress<StepProgress>? progress)
    {
        Torch.Load();
        using var scope = torch.NewDisposeScope();
        var count = images.dim() == 0 ? 0 : images.shape[0];
        using var set = new ImageSet("photos", images.cpu().alias(), torch.zeros(count, torch.int64), ["photo"]);
        return FeaturesOf(set, backbone, state.Card.Options, progress ?? ProgressSink.Current).MoveToOuterDisposeScope();
    }

    /// <summary>float32, N x D, on the CPU: the mean over the views of each image.</summary>
    private static torch.Tensor FeaturesOf(
        ImageSet images, ClassifierBackbone backbone, ClassifierOptions options, IProgress<StepProgress> progress)
    {
        using var bank = FeatureBank.Extract(
            backbone.Network,
            images,
            backbone.Preprocessing with { Size = options.Size },
            new FeatureBankOptions { Mirrored = options.Mirrored },
            progress);
        return bank.Features.clone();
    }

    private static RunRecord NewRecord(ImageSet images, FeatureOrigin origin) => RunRecord.Capture($"classifier of {images.Name}") with
    {
        Protocol = "The head was chosen, and the confidence fitted, by cross-validation inside the photos; the cross-validated accuracy is "
            + "of heads chosen anew in each fold.",
        Data = new Dictionary<string, string> { [images.Name] = images.Digest },
        UsesStandIn = images.IsStandIn,
        Weights = origin.Backbone,
        WeightsDigest = origin.BackboneDigest,
        Options = RunRecord.OptionsFrom(origin.Options),
    };

    private static void RequireBackbone(string path, ClassifierCard card, ClassifierBackbone backbone)
    {
        var found = FeatureOrigin.Of(backbone, card.Options);
        if (card.BackboneDigest != found.BackboneDigest || card.FeatureCount != backbone.Network.FeatureCount)
        {
            throw new FewShotException(
                $"{path} stands on another backbone, {card.Backbone}, than the one at hand, {found.Backbone}: features of one mean nothing "
                + "to the other. Give it its own backbone, or train it again on this one.");
        }

        if (card.Preprocessing != found.Preprocessing)
        {
            throw new FewShotException(
                $"{path} was trained with the preprocessing '{card.Preprocessing}', and the backbone at hand has '{found.Preprocessing}': "
                + "give it its own, or train it again.");
        }
    }
}
