using FewShot.Runtime;
using FewShot.Vision;
using DataType = Onnx.TensorProto.Types.DataType;

namespace FewShot.Onnx;

/// <summary>What <see cref="Preprocessing.Apply"/> does, for images of any height and width.</summary>
internal static class PreprocessingLayers
{
    /// <summary>From bytes to a network's input.</summary>
    /// <param name="graph">Where the layers go.</param>
    /// <param name="preprocessing">Size, antialiasing and normalisation.</param>
    /// <param name="images">A value, uint8, N x H x W x 3 (red, green, blue) or x 4, of which the last is not looked at.</param>
    /// <param name="mirrored">Whether all mirror images follow the images as further rows.</param>
    /// <returns>A value, float32, N (or 2 N) x 3 x Size x Size.</returns>
    /// <exception cref="FewShotException">The normalisation is of a kind that cannot be exported.</exception>
    public static string Add(OnnxGraph graph, Preprocessing preprocessing, string images, bool mirrored)
    {
        var normalisation = NormalisationLayer.Of(preprocessing);
        var planes = graph.Add("Transpose", "planes", [images], OnnxGraph.Setting("perm", 0, 3, 1, 2));
        var channels = graph.Add(
            "Gather", "channels", [planes, graph.Integers("channels.order", normalisation.Channels)], OnnxGraph.Flag("axis", 1));
        var numbers = graph.Add("Cast", "numbers", [channels], OnnxGraph.Flag("to", (long)DataType.Float));
        var sides = Sides(graph, preprocessing.Size, numbers);
        var resized = graph.Add(
            "Resize",
            "resized",
            [numbers, string.Empty, string.Empty, sides],
            OnnxGraph.Word("mode", "linear"),
            OnnxGraph.Word("coordinate_transformation_mode", "half_pixel"),
            OnnxGraph.Flag("antialias", preprocessing.Antialias ? 1 : 0),
            OnnxGraph.Setting("axes", 2, 3));
        var square = Cropped(graph, preprocessing.Size, resized, sides);
        if (mirrored)
        {
            // The mirror image of the resized image is the resized mirror image; of the crop that holds only where an even number of
            // columns is cut off, and so this crop is made anew.
            var flipped = graph.Add(
                "Slice",
                "flipped",
                [
                    resized, graph.Integers("flipped.start", -1), graph.Integers("flipped.end", -int.MaxValue),
                    graph.Integers("flipped.axis", 3), graph.Integers("flipped.step", -1),
                ]);
            square = graph.Add("Concat", "views", [square, Cropped(graph, preprocessing.Size, flipped, sides)], OnnxGraph.Flag("axis", 0));
        }

        // The sides are known only to us: the operators before compute them.
        var fixedSides = graph.Integers("square.shape", -1, 3, preprocessing.Size, preprocessing.Size);
        return normalisation.Add(graph, graph.Add("Reshape", "square", [square, fixedSides]));
    }

    /// <summary>Height and width of an image whose shorter side is <paramref name="size"/>; the longer side rounds down.</summary>
    private static string Sides(OnnxGraph graph, int size, string images)
    {
        var sides = graph.Add("Shape", "sides", [images], OnnxGraph.Flag("start", 2), OnnxGraph.Flag("end", 4));
        var shorter = graph.Add("ReduceMin", "sides.shorter", [sides], OnnxGraph.Flag("keepdims", 1));
        return graph.Add("Div", "sides.resized", [graph.Add("Mul", "sides.scaled", [sides, graph.Integers("size", size)]), shorter]);
    }

    /// <summary>The middle; half of what is cut off, rounded half to even, is cut off at the top and at the left.</summary>
    private static string Cropped(OnnxGraph graph, int size, string images, string sides)
    {
        var excess = graph.Add("Sub", "crop.excess", [sides, graph.Integers("crop.size", size)]);
        var exact = graph.Add("Cast", "crop.exact", [excess], OnnxGraph.Flag("to", (long)DataType.Float));
        var half = graph.Add("Round", "crop.half", [graph.Add("Mul", "crop.middle", [exact, graph.Number("crop.share", 0.5)])]);
        var start = graph.Add("Cast", "crop.start", [half], OnnxGraph.Flag("to", (long)DataType.Int64));
        var end = graph.Add("Add", "crop.end", [start, graph.Integers("crop.size", size)]);
        return graph.Add("Slice", "crop", [images, start, end, graph.Integers("crop.axes", 2, 3)]);
    }
}
