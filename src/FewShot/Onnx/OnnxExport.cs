using System.Globalization;
using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;
using DataType = Onnx.TensorProto.Types.DataType;
using Dimension = Onnx.TensorShapeProto.Types.Dimension;

namespace FewShot.Onnx;

/// <summary>
/// Writes what was learnt as ONNX models, for programs in any language: a file needs nothing of this library to run. Operators are of
/// opset 18, weights float32 and inside the file, and the batch N is the caller's to choose at every call.
/// </summary>
/// <remarks>
/// Metadata holds <c>classes</c> (a JSON array of names in the order of the scores), <c>preprocessing</c> and <c>backbone</c> (SHA-256 of
/// its weights), where these are known.
/// </remarks>
public static class OnnxExport
{
    private const string Images = "images";
    private const string Features = "features";
    private const string ScoresName = "scores";
    private const string Probabilities = "probabilities";

    private static readonly Dimension Batch = OnnxGraph.Any("N");

    /// <summary>
    /// A frozen backbone: <c>images</c>, float32, N x 3 x H x W, normalised, to <c>features</c>, float32, N x D. BatchNorm is folded into
    /// the convolutions.
    /// </summary>
    /// <param name="backbone">A <see cref="FrozenResNet"/>; of a <see cref="ResNet"/> or a <see cref="PretrainedResNet"/> make one.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <exception cref="FewShotException">The backbone is of another kind, or the file cannot be written.</exception>
    public static void Backbone(IFeatureExtractor backbone, string path)
    {
        var network = Frozen(backbone);
        var graph = new OnnxGraph(network.Name);
        _ = ResNetLayers.Add(graph, network, NormalisedImages(graph), Features);
        graph.Output(Features, DataType.Float, Batch, OnnxGraph.Exactly(network.FeatureCount));
        graph.Write(
            path,
            $"{network.Description}. Input 'images': float32, N x 3 x H x W, normalised. Output 'features': float32, N x "
            + string.Create(CultureInfo.InvariantCulture, $"{network.FeatureCount}."),
            Metadata(new LabelledSpace(Weights: network.WeightsDigest)));
    }

    /// <summary>
    /// A network with its head: <c>images</c>, float32, N x 3 x H x W, normalised, to <c>scores</c> (logits), float32, N x classes, and
    /// <c>features</c>, float32, N x D.
    /// </summary>
    /// <param name="network">Any training state; its running statistics are used.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <exception cref="FewShotException">The file cannot be written.</exception>
    public static void Network(ResNet network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var frozen = Frozen(network);
        using var head = NetworkClassifier.HeadOf(network);
        var graph = new OnnxGraph(network.Options.Name);
        var features = ResNetLayers.Add(graph, frozen, NormalisedImages(graph), Features);
        _ = HeadLayers.Add(graph, head, features, ScoresName);
        graph.Output(ScoresName, DataType.Float, Batch, OnnxGraph.Exactly(network.Options.Classes));
        graph.Output(Features, DataType.Float, Batch, OnnxGraph.Exactly(network.FeatureCount));
        graph.Write(
            path,
            $"{network.Options.Name} with its head. Input 'images': float32, N x 3 x H x W, normalised. Outputs 'scores' (logits) and "
            + "'features', float32.",
            Metadata(network.Space with { Weights = frozen.WeightsDigest }));
    }

    /// <summary>A whole classifier, from the bytes of a photo to probabilities.</summary>
    /// <remarks>
    /// <para>Input <c>images</c>: uint8, N x height x width x 3 (red, green, blue) or x 4 (a fourth byte, such as alpha, is not looked at),
    /// as image libraries keep pixels; any height and width, the same for all images of a batch. The model itself resizes, crops and
    /// normalises.</para>
    /// <para>Outputs: <c>probabilities</c>, float32, N x classes, which add up to 1; <c>scores</c>, float32, N x classes, the head's;
    /// <c>features</c>, float32, N x D; <c>classes</c>, texts, the names, for runtimes that show no metadata; and, where there is a
    /// threshold, <c>known</c>, booleans, N, false where the image is of none of the classes.</para>
    /// </remarks>
    /// <param name="backbone">A <see cref="FrozenResNet"/>.</param>
    /// <param name="preprocessing">How pixels become its input.</param>
    /// <param name="head">A head of this library: <see cref="LinearHead"/>, <see cref="RidgeHead"/>, <see cref="CosineHead"/> or
    /// <see cref="NearestCentroid"/>.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="options">Names, temperature, mirrored view, threshold, size of the folder's images.</param>
    /// <exception cref="FewShotException">
    /// A part is of a kind that cannot be exported, the head was fitted on another backbone or preprocessing, the names of the classes are
    /// not known, an option is out of range, or the file cannot be written.
    /// </exception>
    public static void Classifier(
        IFeatureExtractor backbone, Preprocessing preprocessing, IHead head, string path, OnnxClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(head);
        options ??= new OnnxClassifierOptions();
        var network = Frozen(backbone);
        var space = new LabelledSpace(options.ClassNames, network.FeatureCount, preprocessing.Key, network.WeightsDigest);
        head.Space.RequireSame("The head", space, "the classifier that is to be exported");
        space = space with { ClassNames = options.ClassNames ?? head.Space.ClassNames };
        space.RequireClassNames("The head", $"fit it on a feature bank, or give {nameof(OnnxClassifierOptions.ClassNames)}.");
        Check(options, head, space);

        var graph = new OnnxGraph($"{network.Name}, {space.ClassNames!.Count} classes");
        var pixels = graph.Input(
            Images, DataType.Uint8, Batch, OnnxGraph.Any("height"), OnnxGraph.Any("width"), OnnxGraph.Any("channels"));
        var input = PreprocessingLayers.Add(graph, preprocessing, pixels, options.Mirrored, options.FolderSize);
        var features = ResNetLayers.Add(graph, network, input, options.Mirrored ? "features.views" : Features);
        if (options.Mirrored)
            features = MeanOfTwo(graph, features, network.FeatureCount);
        AddAnswers(graph, HeadLayers.Add(graph, head, features, ScoresName), space.ClassNames, options);
        graph.Output(Features, DataType.Float, Batch, OnnxGraph.Exactly(network.FeatureCount));
        graph.Write(
            path,
            $"A classifier on {network.Description}. Input 'images': uint8, N x height x width x 3 (red, green, blue) or x 4. "
            + "Outputs 'probabilities' of the classes named in the metadata 'classes' (JSON), 'scores', 'features'.",
            Metadata(space));
    }

    /// <summary>A fine-tuned network as a classifier, from the bytes of a photo to probabilities.</summary>
    /// <param name="network">Any training state; its running statistics are used.</param>
    /// <param name="preprocessing">How pixels become its input; that of its training.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="options">As above; the names only where the network does not know them.</param>
    /// <inheritdoc cref="Classifier(IFeatureExtractor, Preprocessing, IHead, string, OnnxClassifierOptions?)"/>
    public static void Classifier(ResNet network, Preprocessing preprocessing, string path, OnnxClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(preprocessing);
        options ??= new OnnxClassifierOptions();
        network.Space.RequireSame("The network", new LabelledSpace(options.ClassNames, Preprocessing: preprocessing.Key), "its classifier");
        using var frozen = Frozen(network);
        using var head = NetworkClassifier.HeadOf(network);
        Classifier(frozen, preprocessing, head, path, options with { ClassNames = options.ClassNames ?? network.Space.ClassNames });
    }

    /// <summary>A learner adapted to one task: its network with the weights that the support examples led to.</summary>
    /// <remarks>
    /// Input <c>examples</c>: float32, N x the size of an example, as in a <see cref="TaskBatch"/> (images in 0..1). Output of
    /// classification: <c>scores</c> (logits) and <c>probabilities</c>, float32, N x ways; of regression <c>values</c>, float32, N x
    /// outputs. BatchNorm uses the means and variances of the support (<see cref="BatchNormMode.Inductive"/>), so that each example is
    /// answered by itself, whatever else is asked with it.
    /// </remarks>
    /// <param name="learner">The learner; its network is a <see cref="Conv4"/> or an <see cref="Mlp"/>.</param>
    /// <param name="task">A batch of one task; of its queries nothing is used.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="classNames">The name of each way, or null.</param>
    /// <param name="steps">Inner steps, from 0; null for the learner's number in evaluation.</param>
    /// <exception cref="FewShotException">
    /// There is more than one task, the network is of another kind, the task does not fit it, or the file cannot be written.
    /// </exception>
    public static void Learner(
        MetaLearner learner, TaskBatch task, string path, IReadOnlyList<string>? classNames = null, int? steps = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(task);
        if (task.Count != 1)
            throw new FewShotException($"A learner is exported for one task; found {task.Count}: give a slice of one (TaskBatch.Slice).");
        var outputs = (int)learner.Model.Weights[^1].Shape[0];
        if (classNames is not null)
            CheckNames(classNames, outputs);
        using var scope = torch.NewDisposeScope();
        var weights = learner.Adapt(task, steps).Select(weight => weight[0]).ToList();

        var graph = new OnnxGraph(learner.Model.Name);
        var input = graph.Input(
            "examples", DataType.Float, [Batch, .. task.SupportInputs.shape[2..].Select(OnnxGraph.Exactly)]);
        var name = task.IsClassification ? ScoresName : "values";
        var answer = LearnerLayers.Add(graph, learner.Model, weights, task.SupportInputs[0], input, name);
        if (task.IsClassification)
        {
            _ = graph.Add("Softmax", Probabilities, [answer], OnnxGraph.Flag("axis", 1));
            graph.Output(Probabilities, DataType.Float, Batch, OnnxGraph.Exactly(outputs));
        }

        graph.Output(answer, DataType.Float, Batch, OnnxGraph.Exactly(outputs));
        graph.Write(
            path,
            $"{learner.Model.Name}, adapted to one task by {learner.GetType().Name} on {task.SupportCount} support examples. "
            + "Input 'examples': float32.",
            Metadata(new LabelledSpace(classNames)));
    }

    private static void AddAnswers(OnnxGraph graph, string scores, IReadOnlyList<string> names, OnnxClassifierOptions options)
    {
        var tempered = graph.Add("Div", "tempered", [scores, graph.Number("temperature", options.Temperature)]);
        _ = graph.Add("Softmax", Probabilities, [tempered], OnnxGraph.Flag("axis", 1));
        var classes = graph.Add("Identity", "classes", [graph.Texts("classes.names", names)]);
        graph.Output(Probabilities, DataType.Float, Batch, OnnxGraph.Exactly(names.Count));
        graph.Output(scores, DataType.Float, Batch, OnnxGraph.Exactly(names.Count));
        graph.Output(classes, DataType.String, OnnxGraph.Exactly(names.Count));
        if (options.Threshold is { } threshold)
        {
            var largest = graph.Add(
                "ReduceMax", "scores.largest", [scores, graph.Integers("scores.axis", 1)], OnnxGraph.Flag("keepdims", 0));
            var known = graph.Add("GreaterOrEqual", "known", [largest, graph.Number("threshold", threshold)]);
            graph.Output(known, DataType.Bool, Batch);
        }
    }

    /// <summary>The images' features and, below them, those of their mirror images: the mean of both.</summary>
    private static string MeanOfTwo(OnnxGraph graph, string views, int featureCount)
    {
        var pairs = graph.Add("Reshape", "features.pairs", [views, graph.Integers("features.pairs.shape", 2, -1, featureCount)]);
        return graph.Add("ReduceMean", Features, [pairs, graph.Integers("features.pairs.axis", 0)], OnnxGraph.Flag("keepdims", 0));
    }

    private static string NormalisedImages(OnnxGraph graph) =>
        graph.Input(Images, DataType.Float, Batch, OnnxGraph.Exactly(3), OnnxGraph.Any("height"), OnnxGraph.Any("width"));

    private static FrozenResNet Frozen(ResNet network) => new(network, "fine-tuned", NetworkClassifier.Digest(network), torch.CPU);

    private static FrozenResNet Frozen(IFeatureExtractor backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone as FrozenResNet ?? throw new FewShotException(
            $"{backbone.Name} is a {backbone.GetType().Name}, which cannot be exported to ONNX: only a {nameof(FrozenResNet)} can.");
    }

    private static void Check(OnnxClassifierOptions options, IHead head, LabelledSpace space)
    {
        if (options.FolderSize < 1)
        {
            throw new FewShotException(
                $"{nameof(OnnxClassifierOptions.FolderSize)} must be at least 1 pixel, or null; found {options.FolderSize}.");
        }

        if (!(options.Temperature > 0 && double.IsFinite(options.Temperature))
            || (options.Threshold is { } threshold && !double.IsFinite(threshold)))
        {
            throw new FewShotException(FormattableString.Invariant(
                $"A classifier needs a finite temperature above 0, and a finite threshold or none; found {options.Temperature} and ")
                + FormattableString.Invariant($"{options.Threshold}."));
        }

        using var scope = torch.NewDisposeScope();
        var outputs = (int)head.Scores(torch.zeros([1, space.FeatureCount!.Value], torch.float32, torch.CPU)).shape[1];
        CheckNames(space.ClassNames!, outputs);
    }

    private static void CheckNames(IReadOnlyList<string> names, int outputs)
    {
        ClassNames.Check("The model that is to be exported", names);
        if (names.Count != outputs)
            throw new FewShotException($"The model that is to be exported has {outputs} outputs and {names.Count} names of classes.");
    }

    private static IReadOnlyDictionary<string, string> Metadata(LabelledSpace space) => NetworkSpace.AddTo(null, space);
}
