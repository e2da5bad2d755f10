using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>The recorded run of <see cref="SubsetStudy"/> that comes with the course.</summary>
public static class StudyRecord
{
    /// <summary>Where it lies: <c>records/cifar10-50.json</c> in the course's own data folder.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string Path => System.IO.Path.Combine(DataFolder.Locate(null, Environment.CurrentDirectory, AppContext.BaseDirectory), "records", "cifar10-50.json");
}
