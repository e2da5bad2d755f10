using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Text;

/// <summary>
/// How the name of a class becomes a sentence: a sentence encoder expects sentences, and one word may mean several things. Several
/// sentences are averaged, as in "Learning Transferable Visual Models From Natural Language Supervision" (Radford et al. 2021, section
/// 3.1.4).
/// </summary>
/// <param name="Name">What it is called in outputs.</param>
/// <param name="Templates">Sentences with <c>{0}</c> where the name goes; at least one.</param>
public sealed record NamePrompt(string Name, IReadOnlyList<string> Templates)
{
    /// <summary>The name alone.</summary>
    public static NamePrompt Word { get; } = new("the name alone", ["{0}"]);

    /// <summary>"a photo of a NAME."</summary>
    public static NamePrompt Photo { get; } = new("a photo of a ...", ["a photo of a {0}."]);

    /// <summary>Six sentences, averaged.</summary>
    public static NamePrompt Several { get; } = new(
        "six sentences, averaged",
        ["{0}", "a photo of a {0}.", "a picture of the {0}.", "a close-up of a {0}.", "a drawing of a {0}.", "what a {0} looks like."]);

    /// <summary>The three.</summary>
    public static IReadOnlyList<NamePrompt> All { get; } = [Word, Photo, Several];

    /// <summary>The sentences of one class; underscores become spaces.</summary>
    /// <param name="className">"pickup_truck".</param>
    /// <exception cref="FewShotException">There is no template, or one has no place for the name.</exception>
    public IReadOnlyList<string> Sentences(string className)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        if (Templates.Count == 0 || Templates.FirstOrDefault(one => !one.Contains("{0}", StringComparison.Ordinal)) is not null)
            throw new FewShotException($"A prompt is sentences with {{0}} where the name goes; found [{string.Join(" | ", Templates)}].");
        return [.. Templates.Select(one => string.Format(CultureInfo.InvariantCulture, one, className.Replace('_', ' ')))];
    }

    /// <summary>A vector for each class: the mean of its sentences' vectors.</summary>
    /// <param name="encoder">Sentences to vectors.</param>
    /// <param name="classNames">C names, at least one.</param>
    /// <returns>float32, C x D, each row of length 1, on the CPU.</returns>
    /// <exception cref="FewShotException">There is no name, or the templates are none.</exception>
    public torch.Tensor Vectors(SentenceEncoder encoder, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(classNames);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var vectors = encoder.Encode([.. classNames.SelectMany(Sentences)]);
        var means = vectors.view(classNames.Count, Templates.Count, -1).mean([1]);
        return torch.nn.functional.normalize(means, dim: 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
