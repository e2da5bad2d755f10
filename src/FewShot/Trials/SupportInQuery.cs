using System.Globalization;
using FewShot.Episodes;

namespace FewShot.Trials;

/// <summary>Whether an episode asks about an image that it has shown: the same one of the set, or one with the same pixels.</summary>
internal static class SupportInQuery
{
    private const string Name = "support and query apart";

    public static LeakageFinding Check(EpisodeList list, UInt128[] hashes, double tolerated)
    {
        long same = 0, copies = 0, queries = 0;
        foreach (var episode in list.Episodes)
        {
            var shown = episode.Support.Select(image => image.Position).ToHashSet();
            var pixels = episode.Support.Select(image => hashes[image.Position]).ToHashSet();
            same += episode.Query.Count(image => shown.Contains(image.Position));
            copies += episode.Query.Count(image => !shown.Contains(image.Position) && pixels.Contains(hashes[image.Position]));
            queries += episode.Query.Count;
        }

        if (same > 0)
        {
            return new LeakageFinding(
                Name, false,
                $"{same:N0} of {queries:N0} queries are support images of their own episode",
                "Draw the queries from the images that are left after the support, as EpisodeSampler does.");
        }

        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"{copies:N0} of {queries:N0} queries have the pixels of a support image of their episode ({tolerated:0.##%} are tolerated)");
        return copies <= tolerated * queries
            ? new LeakageFinding(Name, true, found)
            : new LeakageFinding(
                Name, false, found, "Take each image once: DuplicateReport.Within finds the copies, and Remaining a set without them.");
    }
}
