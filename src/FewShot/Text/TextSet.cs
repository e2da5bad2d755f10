using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FewShot.Runtime;

namespace FewShot.Text;

/// <summary>Labelled texts: what <c>ImageSet</c> is for images.</summary>
public sealed class TextSet : ILabelledSet
{
    private readonly Lazy<string> digest;

    /// <summary>Keeps copies of what it is given.</summary>
    /// <param name="name">What it is, for outputs: "BANKING77 test".</param>
    /// <param name="texts">N texts, none of them empty.</param>
    /// <param name="labels">N labels, each from 0 to <paramref name="classNames"/>.Count - 1.</param>
    /// <param name="classNames">The name of each label.</param>
    /// <exception cref="FewShotException">Texts and labels do not fit together, a text is empty, or two classes have one name.</exception>
    public TextSet(string name, IEnumerable<string> texts, IEnumerable<long> labels, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        Runtime.ClassNames.Check(name, classNames);
        (Name, Texts, Labels, ClassNames) = (name, [.. texts], [.. labels], [.. classNames]);
        if (Texts.Count != Labels.Count)
            throw new FewShotException($"{name}: each text needs one label; found {Texts.Count} texts and {Labels.Count} labels.");
        if (Array.FindIndex([.. Texts], string.IsNullOrWhiteSpace) is >= 0 and var place)
            throw new FewShotException($"{name}: text {place} is empty. Leave it out.");
        if (Labels.Index().FirstOrDefault(label => label.Item < 0 || label.Item >= ClassNames.Count, (-1, 0)) is ( >= 0, var outside))
            throw new FewShotException($"{name}: label {outside} is outside 0..{ClassNames.Count - 1}.");
        digest = new Lazy<string>(ComputeDigest);
    }

    /// <summary>What it is, for outputs.</summary>
    public string Name { get; }

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The label of each text.</summary>
    public IReadOnlyList<long> Labels { get; }

    /// <summary>The name of each label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of texts.</summary>
    public int Count => Texts.Count;

    /// <summary>SHA-256, in hexadecimal, over texts, labels and class names: equal for equal content.</summary>
    public string Digest => digest.Value;

    /// <inheritdoc/>
    IReadOnlyList<long> ILabelledSet.LabelValues => Labels;

    /// <inheritdoc/>
    bool ILabelledSet.IsStandIn => false;

    /// <inheritdoc/>
    public UInt128[] ExampleHashes() =>
        [.. Texts.Select(text => MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes(text))))];

    /// <summary>A new set of the texts at these positions, in this order.</summary>
    /// <exception cref="FewShotException">A position is outside 0..Count-1.</exception>
    public TextSet Select(IReadOnlyList<long> positions, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (positions.Index().FirstOrDefault(one => one.Item < 0 || one.Item >= Count, (-1, 0)) is ( >= 0, var outside))
            throw new FewShotException($"{Name}: position {outside} is outside 0..{Count - 1}.");
        return new TextSet(
            name ?? Name, positions.Select(one => Texts[(int)one]), positions.Select(one => Labels[(int)one]), ClassNames);
    }

    /// <summary>
    /// A new set of the texts of these classes alone, in the order of this set; the classes are numbered in the order given.
    /// </summary>
    /// <exception cref="FewShotException">There is no such class, or one is given twice.</exception>
    public TextSet SelectClasses(IReadOnlyList<string> classNames, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        var rank = Runtime.ClassNames.Ranks(Name, ClassNames, classNames);
        var kept = Texts.Zip(Labels).Where(pair => rank.ContainsKey(pair.Second)).ToList();
        return new TextSet(name ?? Name, kept.Select(pair => pair.First), kept.Select(pair => rank[pair.Second]), classNames);
    }

    /// <summary>A new set of these texts and those of another set, in this order.</summary>
    /// <exception cref="FewShotException">The two have different classes.</exception>
    public TextSet With(TextSet more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return Runtime.ClassNames.Difference(ClassNames, more.ClassNames) is { } difference
            ? throw new FewShotException($"{Name} and {more.Name} have different classes: {difference}.")
            : new TextSet($"{Name} and {more.Name}", [.. Texts, .. more.Texts], [.. Labels, .. more.Labels], ClassNames);
    }

    /// <summary>Any <paramref name="perClass"/> texts of each class, each choice equally likely.</summary>
    /// <remarks>With one seed, a smaller draw lies inside every larger one, as with images.</remarks>
    /// <param name="perClass">How many of each class, at least 1.</param>
    /// <param name="seed">Decides which.</param>
    /// <returns>Positions in ascending order, for <see cref="Select"/>.</returns>
    /// <exception cref="FewShotException">A class has fewer.</exception>
    public long[] Draw(int perClass, long seed)
    {
        FewShotException TooFew(long label, int count) => new(
            $"{Name}: class '{ClassNames[(int)label]}' has {count} texts, {perClass} are asked for. Ask for fewer.");
        for (var label = 0; label < ClassNames.Count; label++)
        {
            if (!Labels.Contains(label))
                throw TooFew(label, 0);
        }

        return ClassDraw.Choose(
            Enumerable.Range(0, Count).Select(position => (long)position),
            Labels,
            perClass,
            (positions, label) => new StableRandom(seed, label).Draw<long>(positions, perClass),
            TooFew);
    }

    /// <summary>"BANKING77 test: 3,080 texts of 77 classes".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {Count:N0} texts of {ClassNames.Count:N0} classes");

    private string ComputeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The length before each text keeps two texts apart from one that is both in a row.
        foreach (var text in ClassNames.Append(string.Empty).Concat(Texts.Zip(Labels, (text, label) => $"{label} {text}")))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
