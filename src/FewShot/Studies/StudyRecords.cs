using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>Where the course keeps the records of its longer measurements.</summary>
internal static class StudyRecords
{
    /// <summary>The file of a record: <c>data/records/NAME.json</c>.</summary>
    /// <param name="name">Without folder and ending: "cifar10-50".</param>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string PathOf(string name) =>
        Path.Combine(DataFolder.Locate(null, Environment.CurrentDirectory, AppContext.BaseDirectory), "records", name + ".json");
}
