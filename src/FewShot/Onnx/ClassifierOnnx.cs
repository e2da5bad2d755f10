using FewShot.Runtime;
using FewShot.Transfer;

namespace FewShot.Onnx;

/// <summary>A <see cref="Classifier"/> for other programs.</summary>
public static class ClassifierOnnx
{
    /// <summary>
    /// Writes the whole classifier, from the bytes of a photo to the probabilities of <see cref="Classifier.Classify(string, int)"/>, as
    /// one ONNX model. The backbone is in the file.
    /// </summary>
    /// <remarks>
    /// Inputs and outputs are those of <see cref="OnnxExport"/>. A program that opens the photo itself must turn it upright where a camera
    /// noted how it was held, and lay transparent pixels on white, as this library does.
    /// </remarks>
    /// <param name="classifier">The classifier.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <exception cref="FewShotException">Its backbone is of a kind that cannot be exported, or the file cannot be written.</exception>
    public static void ExportOnnx(this Classifier classifier, string path)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        OnnxExport.Classifier(classifier.Backbone.Network, classifier.Preprocessing, classifier.Linear, path, new OnnxClassifierOptions
        {
            ClassNames = classifier.ClassNames,
            Temperature = classifier.Temperature,
            Threshold = classifier.Threshold,
            Mirrored = classifier.Mirrored,
            FolderSize = classifier.Preprocessing.Size,
        });
    }
}
