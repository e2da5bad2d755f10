using FewShot.Course;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>
/// What a notebook finds around it while it runs: its folder, the profile, the progress display, and nobody to answer questions.
/// </summary>
internal sealed class Surroundings : IDisposable
{
    private readonly string folder = Directory.GetCurrentDirectory();
    private readonly string? profile = Environment.GetEnvironmentVariable(CourseProfiles.Variable);
    private readonly string? backbone = Environment.GetEnvironmentVariable(CourseBackbones.Variable);
    private readonly IProgress<StepProgress> progress = ProgressSink.Current;
    private readonly TextReader input = Console.In;

    public Surroundings(string notebookFolder, NotebookRunOptions options)
    {
        Directory.SetCurrentDirectory(notebookFolder);
        if (options.Profile is { } asked)
            Environment.SetEnvironmentVariable(CourseProfiles.Variable, asked == CourseProfile.Full ? "full" : "quick");
        if (options.Backbone is { } network)
            Environment.SetEnvironmentVariable(CourseBackbones.Variable, network.ToString());
        if (options.Observer is { } observer)
            ProgressSink.Current = new StoppableProgress(observer);
        Console.SetIn(TextReader.Null);
    }

    public void Dispose()
    {
        Console.SetIn(input);
        ProgressSink.Current = progress;
        Environment.SetEnvironmentVariable(CourseBackbones.Variable, backbone);
        Environment.SetEnvironmentVariable(CourseProfiles.Variable, profile);
        Directory.SetCurrentDirectory(folder);
    }
}
