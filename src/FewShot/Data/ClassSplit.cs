namespace FewShot.Data;

/// <summary>
/// A data set cut by class, as few-shot learning needs it: no class of one part is in another. Owns its three sets.
/// </summary>
/// <param name="Train">For training.</param>
/// <param name="Validation">For every choice: checkpoint, settings.</param>
/// <param name="Test">For the reported figure, looked at once.</param>
public sealed record ClassSplit(ImageSet Train, ImageSet Validation, ImageSet Test) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
        Test.Dispose();
    }
}
