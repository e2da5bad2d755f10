using System.Text.Json.Serialization;
using FewShot.Runtime;

namespace FewShot.Transfer;

/// <summary>Settings that classifiers of photos and of texts share; the head and its strength are not among them, since a classifier
/// chooses those itself.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "of")]
[JsonDerivedType(typeof(ClassifierOptions), "photos")]
[JsonDerivedType(typeof(TextClassifierOptions), "texts")]
public abstract record ClassifierSettings
{
    /// <summary>The share of examples of its own classes that the classifier should not refuse, above 0 and below 1.</summary>
    public double Acceptance { get; init; } = 0.95;

    /// <summary>Folds of the cross-validation, at least 2; no more than the rarest class has examples are used.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>What one example is called: "photo".</summary>
    internal abstract string Example { get; }

    /// <summary>What one example is called where many are counted: "image", as in every accuracy of the library.</summary>
    internal virtual string Counted => Example;

    /// <exception cref="FewShotException">A setting is out of range.</exception>
    internal virtual void Check(string owner)
    {
        if (!(Acceptance > 0 && Acceptance < 1))
        {
            throw new FewShotException(FormattableString.Invariant(
                $"{owner}: {nameof(Acceptance)} must lie between 0 and 1; found {Acceptance}."));
        }

        if (Folds < 2)
            throw new FewShotException($"{owner}: {nameof(Folds)} must be at least 2; found {Folds}.");
    }
}
