using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Text;

/// <summary>
/// Varies texts at random, as EDA does (Wei and Zou 2019), with <see cref="NearWords"/> in place of WordNet's synonyms. Words come out in
/// lower case, without punctuation.
/// </summary>
public sealed class TextAugmentation
{
    private readonly NearWords near;

    /// <summary>Prepares the changes.</summary>
    /// <param name="near">What words become; stays the caller's.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public TextAugmentation(NearWords near, TextAugmentationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(near);
        options ??= new TextAugmentationOptions();
        if (options.Changes.Count == 0 || !(options.Share > 0 && options.Share <= 1) || options.Copies < 1)
        {
            throw new FewShotException(
                "Varying texts needs at least one change, a share of the words above 0 to 1 and at least 1 copy; "
                + $"found {options.Changes.Count} changes, share {options.Share}, {options.Copies} copies.");
        }

        (this.near, Options) = (near, options);
    }

    /// <summary>The settings.</summary>
    public TextAugmentationOptions Options { get; }

    /// <summary>What the copies are; part of the key of features.</summary>
    internal string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Options.Copies} varied by seed {Options.Seed} with {string.Join(", ", Options.Changes)}, share {Options.Share}");

    /// <summary>The copies of each text.</summary>
    /// <param name="texts">The texts.</param>
    /// <returns>One list for each copy, each with one varied text for each text; equal for equal texts, settings and seed.</returns>
    public IReadOnlyList<IReadOnlyList<string>> Copies(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return
        [
            .. Enumerable.Range(0, Options.Copies).Select(copy =>
            {
                var random = new StableRandom(Options.Seed, copy);
                var change = Options.Changes[copy % Options.Changes.Count];
                return (IReadOnlyList<string>)[.. texts.Select(text => Vary(text, change, random))];
            }),
        ];
    }

    /// <summary>One text after one change; a text without a word stays as it is.</summary>
    internal string Vary(string text, TextChange change, StableRandom random)
    {
        List<string> words = [.. Words.Of(text)];
        if (words.Count == 0)
            return text;
        var times = Math.Max(1, (int)(Options.Share * words.Count));
        switch (change)
        {
            case TextChange.Replace:
                var places = words.Index().Where(word => near.Of(word.Item).Count > 0).Select(word => word.Index).ToArray();
                random.Draw<int>(places, places.Length);
                foreach (var place in places.Take(times))
                    words[place] = Any(near.Of(words[place]), random);
                break;
            case TextChange.Insert:
                string[] known = [.. words.Where(word => near.Of(word).Count > 0)];
                for (var i = 0; i < times && known.Length > 0; i++)
                    words.Insert(random.Next(words.Count + 1), Any(near.Of(Any(known, random)), random));
                break;
            case TextChange.Swap:
                for (var i = 0; i < times; i++)
                {
                    var (one, other) = (random.Next(words.Count), random.Next(words.Count));
                    (words[one], words[other]) = (words[other], words[one]);
                }

                break;
            default:
                var kept = words.Where(_ => random.Uniform(0, 1) >= Options.Share).ToList();
                words = kept.Count > 0 ? kept : [Any(words, random)];
                break;
        }

        return string.Join(' ', words);
    }

    private static T Any<T>(IReadOnlyList<T> items, StableRandom random) => items[random.Next(items.Count)];
}
