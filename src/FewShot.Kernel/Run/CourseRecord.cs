using FewShot.Course;
using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>The record of a run of the course: how long each notebook took, and what it computed on and with.</summary>
internal static class CourseRecord
{
    /// <summary>Writes the record of a run in which every notebook came to its end.</summary>
    /// <exception cref="FewShotException">A notebook failed: its seconds would be those of an error.</exception>
    public static async Task WriteAsync(
        string path, CourseRunOptions options, IReadOnlyList<CourseEntry> entries, CancellationToken cancellation)
    {
        if (entries.FirstOrDefault(entry => entry.Failure is not null) is { } failed)
            throw new FewShotException($"No record is written: {failed.Name} failed.");
        using var material = await FoundMaterial(options.Backbone ?? CourseBackbones.Current, cancellation);
        Of(options.Profile ?? CourseProfiles.Current, entries, material).Write(path);
    }

    private static RunRecord Of(CourseProfile profile, IReadOnlyList<CourseEntry> entries, CourseMaterial material) =>
        RunRecord.Capture($"The course, {profile} profile") with
        {
            Protocol = "Each notebook from its first cell to its last, one after another in one process that is already built; "
                + "its seconds, compiling included.",
            UsesStandIn = material.IsStandIn,
            Data = new Dictionary<string, string>
            {
                [material.Train.Name] = material.Train.Digest,
                [material.Test.Name] = material.Test.Digest,
            },
            Weights = material.Backbone.Name,
            WeightsDigest = material.Backbone.WeightsDigest,
            Seconds = entries.Sum(entry => entry.Result!.Elapsed.TotalSeconds),
            Options = RunRecord.OptionsFrom(new { profile }),
            Results = entries.ToDictionary(entry => entry.Name, entry => Math.Round(entry.Result!.Elapsed.TotalSeconds, 1)),
        };

    /// <summary>What the notebooks found. They have downloaded what could be had, so no server is asked again.</summary>
    private static async Task<CourseMaterial> FoundMaterial(CourseBackbone backbone, CancellationToken cancellation)
    {
        var before = Environment.GetEnvironmentVariable(DownloadOptions.OfflineVariable);
        Environment.SetEnvironmentVariable(DownloadOptions.OfflineVariable, "1");
        try
        {
            return await CourseMaterial.OpenAsync(backbone, cancellation: cancellation);
        }
        finally
        {
            Environment.SetEnvironmentVariable(DownloadOptions.OfflineVariable, before);
        }
    }
}
