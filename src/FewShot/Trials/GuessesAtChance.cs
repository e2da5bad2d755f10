using System.Globalization;
using FewShot.Episodes;
using FewShot.Runtime;
using MathNet.Numerics.Distributions;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>
/// Whether a method that cannot know the answers guesses: with the labels of the support shuffled, and before it has adapted, its accuracy
/// must be that of chance. Above it, something else than the support tells it the labels.
/// </summary>
/// <remarks>
/// A method that says that it is told the names of the classes knows more by right: for it the names are shuffled among the labels, too,
/// apart from the support's, and then nothing that it may know says anything about the queries. What this cannot tell apart is a method
/// that knows the looks of the names from one that looks a query's class up in the set.
/// <para>
/// The mean accuracy over episodes is held against a one-sided bound, 1 / way plus Student's t quantile times the standard error, that an
/// honest method exceeds about once in a hundred thousand times.
/// </para>
/// </remarks>
internal static class GuessesAtChance
{
    private const string Shuffled = "chance with shuffled labels";
    private const string Before = "chance before adaptation";
    private const double Alarm = 1e-5;

    public static LeakageFinding WhenShuffled(IFewShotMethod method, EpisodeList list, LeakageOptions options, int atOnce) => Judge(
        Shuffled,
        [
            .. list.Episodes.Take(options.ShuffledEpisodes)
                .Select((episode, number) => Shuffle(episode, options.Seed, number, method.SideInformation is not null)),
        ],
        episodes => EpisodeAnswers.Of(method, episodes),
        atOnce,
        "Something besides the labels of the support tells the method the classes: places, class numbers, or the set itself.",
        method.SideInformation is { } told ? $", {told} shuffled, too" : string.Empty);

    public static LeakageFinding BeforeAdaptation(IAdaptingMethod method, EpisodeList list, LeakageOptions options, int atOnce) => Judge(
        Before,
        [.. list.Episodes.Take(options.ShuffledEpisodes)],
        episodes => EpisodeAnswers.BeforeAdaptation(method, episodes),
        atOnce,
        "The starting weights know the labels already: are the labels of an episode drawn anew each time, also in training?");

    private static LeakageFinding Judge(
        string name,
        Episode[] episodes,
        Func<IReadOnlyList<Episode>, torch.Tensor> ask,
        int atOnce,
        string remedy,
        string note = "")
    {
        using var noGradient = torch.no_grad();
        var accuracies = new List<double>();
        foreach (var chunk in episodes.Chunk(atOnce))
        {
            using var scores = ask(chunk);
            accuracies.AddRange(EpisodeAnswers.Accuracies(scores, chunk));
        }

        var (chance, mean) = (1.0 / episodes[0].Way, accuracies.Average());
        if (accuracies.Count < 2)
            return new LeakageFinding(name, true, "one episode cannot tell");
        var variance = accuracies.Sum(value => (value - mean) * (value - mean)) / (accuracies.Count - 1);
        var bound = chance
            + (StudentT.InvCDF(0, 1, accuracies.Count - 1, 1 - Alarm) * Math.Sqrt(variance / accuracies.Count));
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * mean:0.0} % over {accuracies.Count:N0} episodes where chance is {100 * chance:0.0} % and reaches "
            + $"{100 * bound:0.0} %{note}");
        // A hair for rounding, where all episodes are alike and the bound is chance itself.
        return mean <= bound + 1e-9 ? new LeakageFinding(name, true, found) : new LeakageFinding(name, false, found, remedy);
    }

    private static Episode Shuffle(Episode episode, long seed, int number, bool shufflesClasses)
    {
        var labels = episode.Support.Select(image => image.Label).ToArray();
        var classes = episode.Classes.ToArray();
        var random = new StableRandom(seed, number);
        random.Draw<int>(labels, labels.Length);
        if (shufflesClasses)
            random.Draw<int>(classes, classes.Length);
        return episode with
        {
            Classes = classes,
            Support = [.. episode.Support.Zip(labels, (image, label) => image with { Label = label })],
        };
    }
}
