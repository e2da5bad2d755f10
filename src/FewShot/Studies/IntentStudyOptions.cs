using FewShot.Runtime;
using FewShot.Text;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="IntentStudy"/>.</summary>
public sealed record IntentStudyOptions
{
    /// <summary>Labelled questions of each intent.</summary>
    public IReadOnlyList<int> PerIntent { get; init; } = [1, 3, 5, 10];

    /// <summary>Labelled questions of each intent where texts are varied, from <see cref="PerIntent"/>; at least 2.</summary>
    public IReadOnlyList<int> Varied { get; init; } = [5, 10];

    /// <summary>Labelled questions of each intent where the encoder is tuned and strangers are refused; at least 4.</summary>
    public int Tuned { get; init; } = 10;

    /// <summary>Draws of the labelled questions, at least 2 for an interval; their seeds are 0, 1, 2, ...</summary>
    public int Draws { get; init; } = 5;

    /// <summary>Intents that count as unknown where strangers are refused, at least 1; drawn anew for each draw.</summary>
    public int UnknownIntents { get; init; } = 20;

    /// <summary>Test questions of each intent that count: all 40 of them in a full study.</summary>
    public int TestPerIntent { get; init; } = 40;

    /// <summary>How texts are varied.</summary>
    public TextAugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Recipes to choose the tuning from, inside the labels of the first draw.</summary>
    public IReadOnlyList<SentenceTunerOptions> Tuning { get; init; } = [new()];

    internal void Check()
    {
        if (PerIntent.Count == 0 || PerIntent.Any(count => count < 1) || Varied.Any(count => count < 2 || !PerIntent.Contains(count))
            || Tuned < 4 || !PerIntent.Contains(Tuned) || Draws < 2 || UnknownIntents is < 1 or > 75 || TestPerIntent is < 1 or > 40
            || Tuning.Count == 0)
        {
            throw new FewShotException(
                "The study needs numbers of labels of at least 1, at least 2 of them where texts are varied and 4 where the encoder is "
                + "tuned, each also among the first, at least 2 draws, 1 to 75 unknown intents, 1 to 40 test questions of each intent "
                + $"and a recipe of tuning; found [{string.Join(", ", PerIntent)}], [{string.Join(", ", Varied)}], {Tuned}, {Draws} draws, "
                + $"{UnknownIntents} unknown intents, {TestPerIntent} test questions and {Tuning.Count} recipes.");
        }
    }
}
