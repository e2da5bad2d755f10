using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="LabelTableStudy"/>.</summary>
public sealed record LabelTableOptions
{
    /// <summary>Labelled images of each class: the columns of the table.</summary>
    public IReadOnlyList<int> PerClass { get; init; } = [1, 5, 10, 25, 50, 100, 500];

    /// <summary>Draws of the labelled images, at least 2 for an interval; their seeds are 0, 1, 2, ...</summary>
    public int Draws { get; init; } = 10;

    /// <summary>Size of the images in pixels.</summary>
    public int Size { get; init; } = 128;

    /// <summary>Folds of the cross-validation that chooses the penalty of the logistic regression.</summary>
    public int Folds { get; init; } = 3;

    /// <summary>Whether the whole network is trained further, too: days on a CPU.</summary>
    public bool IncludesFineTuning { get; init; }

    internal void Check()
    {
        if (PerClass.Count == 0 || PerClass.Any(count => count < 1) || Draws < 2 || Size < 1 || Folds < 2)
        {
            throw new FewShotException(
                "The table needs at least one number of labels, each at least 1, at least 2 draws and folds, and a size of at least 1; "
                + $"found [{string.Join(", ", PerClass)}], {Draws} draws, {Folds} folds, {Size} px.");
        }
    }
}
