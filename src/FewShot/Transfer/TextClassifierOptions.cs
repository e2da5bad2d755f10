namespace FewShot.Transfer;

/// <summary>Settings of <see cref="TextClassifier"/>.</summary>
public sealed record TextClassifierOptions : ClassifierSettings
{
    /// <inheritdoc/>
    internal override string Example => "text";
}
