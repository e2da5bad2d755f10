namespace FewShot.Data;

/// <summary>One class of <see cref="Shapes"/>.</summary>
/// <param name="Name">What a person would call it.</param>
/// <param name="Figure">Its figure, in a square of -1..1.</param>
internal sealed record ShapeClass(string Name, SignedDistance Figure);

/// <summary>
/// All classes, in families of eight: the first five of a family are base classes, the sixth is for validation, the last two
/// are novel. No class is the mirror image of another, nor another one turned by a little, because images are mirrored and turned.
/// </summary>
internal static partial class ShapeCatalogue
{
    private const int FamilySize = 8;
    private const int BasePerFamily = 5;

    /// <summary>Every class; a class keeps its position, from which its random numbers follow.</summary>
    public static IReadOnlyList<ShapeClass> All { get; } =
    [
        .. Solids(), .. Stars(), .. Arms(), .. Rings(), .. Outlines(), .. Letters(), .. MoreLetters(), .. Digits(),
        .. Curves(), .. Arrows(), .. Dots(), .. Bars(), .. Petals(), .. Things(), .. Tools(), .. Pairs(),
    ];

    /// <summary>Positions of the classes that backbones are trained on.</summary>
    public static IReadOnlyList<int> Base { get; } = Positions(place => place < BasePerFamily);

    /// <summary>Positions of the classes that choices are made on.</summary>
    public static IReadOnlyList<int> Validation { get; } = Positions(place => place == BasePerFamily);

    /// <summary>Positions of the classes that results are reported on.</summary>
    public static IReadOnlyList<int> Novel { get; } = Positions(place => place > BasePerFamily);

    private static int[] Positions(Func<int, bool> placeInFamily) =>
        [.. Enumerable.Range(0, All.Count).Where(position => placeInFamily(position % FamilySize))];
}
