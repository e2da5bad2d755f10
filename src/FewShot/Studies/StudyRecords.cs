using FewShot.Course;
using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>What the records of the course's longer measurements have in common.</summary>
internal static class StudyRecords
{
    /// <summary>The file of a record: <c>data/records/NAME.json</c>.</summary>
    /// <param name="name">Without folder and ending: "cifar10-50".</param>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string PathOf(string name) =>
        Path.Combine(DataFolder.Locate(null, Environment.CurrentDirectory, AppContext.BaseDirectory), "records", name + ".json");

    /// <summary>A record that says which images, weights and draws of the labels it is of; the study completes it.</summary>
    /// <param name="name">What was run.</param>
    /// <param name="material">Images and backbone.</param>
    /// <param name="draws">Draws of the labelled images; their seeds are 0, 1, 2, ...</param>
    public static RunRecord Capture(string name, CourseMaterial material, int draws) => RunRecord.Capture(name) with
    {
        Data = new Dictionary<string, string>
        {
            [material.Train.Name] = material.Train.Digest,
            [material.Test.Name] = material.Test.Digest,
        },
        Weights = material.Backbone.Description,
        WeightsDigest = material.Backbone.WeightsDigest,
        UsesStandIn = material.IsStandIn,
        Seeds = Enumerable.Range(0, draws).ToDictionary(SubsetStudyResult.DrawName, draw => (long)draw),
    };
}
