using FewShot.Data;
using FewShot.Runtime;
using FewShot.Vision;
using DataType = Onnx.TensorProto.Types.DataType;

namespace FewShot.Onnx;

/// <summary>What <see cref="ImageFolder"/> and <see cref="Preprocessing.Apply"/> do, for images of any height and width.</summary>
internal static class PreprocessingLayers
{
    /// <summary>From bytes to a network's input.</summary>
    /// <param name="graph">Where the layers go.</param>
    /// <param name="preprocessing">Size, antialiasing and normalisation.</param>
    /// <param name="images">A value, uint8, N x H x W x 3 (red, green, blue) or x 4, of which the last is not looked at.</param>
    /// <param name="mirrored">Whether all mirror images follow the images as further rows.</param>
    /// <param name="folderSize">The size at which <see cref="ImageFolder"/> reads photos before that; null where images come as they
    /// are.</param>
    /// <returns>A value, float32, N (or 2 N) x 3 x Size x Size.</returns>
    /// <exception cref="FewShotException">The normalisation is of a kind that cannot be exported.</exception>
    public static string Add(OnnxGraph graph, Preprocessing preprocessing, string images, bool mirrored, int? folderSize = null)
    {
        var normalisation = NormalisationLayer.Of(preprocessing);
        var planes = graph.Add("Transpose", "planes", [images], OnnxGraph.Setting("perm", 0, 3, 1, 2));
        var channels = graph.Add(
            "Gather", "channels", [planes, graph.Integers("channels.order", normalisation.Channels)], OnnxGraph.Flag("axis", 1));
        var pixels = graph.Add("Cast", "pixels", [channels], OnnxGraph.Flag("to", (long)DataType.Float));
        if (folderSize is { } read)
            pixels = AsFromAFolder(graph, read, pixels);
        if (mirrored)
            pixels = graph.Add("Concat", "views", [pixels, Flipped(graph, pixels)], OnnxGraph.Flag("axis", 0));
        return normalisation.Add(
            graph, folderSize == preprocessing.Size ? pixels : Fitted(graph, preprocessing.Size, preprocessing.Antialias, pixels));
    }

    /// <summary>The middle of a long image, resized, and each value rounded, since a folder's images are kept as bytes.</summary>
    private static string AsFromAFolder(OnnxGraph graph, int size, string pixels)
    {
        var sides = Sides(graph, pixels);
        var most = graph.Add("Mul", "seen.most", [Shorter(graph, sides), graph.Integers("seen.sides", ImageFolder.MostSidesSeen)]);
        var seen = Cropped(graph, pixels, sides, graph.Add("Min", "seen", [sides, most]));
        return graph.Add("Round", "bytes", [Fitted(graph, size, antialias: true, seen)]);
    }

    private static string Flipped(OnnxGraph graph, string pixels) => graph.Add(
        "Slice",
        "flipped",
        [
            pixels, graph.Integers("flipped.start", -1), graph.Integers("flipped.end", -int.MaxValue),
            graph.Integers("flipped.axis", 3), graph.Integers("flipped.step", -1),
        ]);

    /// <summary>The shorter side made <paramref name="size"/>, the longer one in proportion (rounded down); then the middle.</summary>
    private static string Fitted(OnnxGraph graph, int size, bool antialias, string pixels)
    {
        var sides = Sides(graph, pixels);
        var wanted = graph.Integers("size", size, size);
        var scaled = graph.Add("Mul", "sides.scaled", [sides, wanted]);
        var resizedSides = graph.Add("Div", "sides.resized", [scaled, Shorter(graph, sides)]);
        // Where antialiasing would average over pixels beyond the edge, libtorch averages over the rest of them, as PIL does. Without
        // antialiasing both repeat the pixel at the edge.
        var averages = antialias ? 1 : 0;
        var resized = graph.Add(
            "Resize",
            "resized",
            [pixels, string.Empty, string.Empty, resizedSides],
            OnnxGraph.Word("mode", "linear"),
            OnnxGraph.Word("coordinate_transformation_mode", "half_pixel"),
            OnnxGraph.Flag("antialias", averages),
            OnnxGraph.Flag("exclude_outside", averages),
            OnnxGraph.Setting("axes", 2, 3));
        // No program that reads the graph could tell that the sides, which nodes compute, are these: the shape says so.
        var shape = graph.Integers("square.shape", -1, 3, size, size);
        return graph.Add("Reshape", "square", [Cropped(graph, resized, resizedSides, wanted), shape]);
    }

    private static string Sides(OnnxGraph graph, string pixels) =>
        graph.Add("Shape", "sides", [pixels], OnnxGraph.Flag("start", 2), OnnxGraph.Flag("end", 4));

    private static string Shorter(OnnxGraph graph, string sides) =>
        graph.Add("ReduceMin", "sides.shorter", [sides], OnnxGraph.Flag("keepdims", 1));

    /// <summary>The middle; half of what is cut off, rounded half to even, is cut off at the top and at the left.</summary>
    private static string Cropped(OnnxGraph graph, string pixels, string sides, string wanted)
    {
        var excess = graph.Add("Sub", "crop.excess", [sides, wanted]);
        var exact = graph.Add("Cast", "crop.exact", [excess], OnnxGraph.Flag("to", (long)DataType.Float));
        var half = graph.Add("Round", "crop.half", [graph.Add("Mul", "crop.middle", [exact, graph.Number("crop.share", 0.5)])]);
        var start = graph.Add("Cast", "crop.start", [half], OnnxGraph.Flag("to", (long)DataType.Int64));
        var end = graph.Add("Add", "crop.end", [start, wanted]);
        return graph.Add("Slice", "crop", [pixels, start, end, graph.Integers("crop.axes", 2, 3)]);
    }
}
