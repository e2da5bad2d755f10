using FewShot.Course;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>How a notebook is run.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>The profile its cells see; null for the environment's.</summary>
    public CourseProfile? Profile { get; init; }

    /// <summary>The backbone the notebook finds, or null for the surroundings' own.</summary>
    public CourseBackbone? Backbone { get; init; }

    /// <summary>The language of prose and titles, as "zh"; null for English. A notebook without a translation stays as it is.</summary>
    public string? Language { get; init; }

    /// <summary>Whether charts also give a still picture, as notebooks that are stored need.</summary>
    public bool StillCharts { get; init; }

    /// <summary>Told how the run goes on; null for nobody.</summary>
    public INotebookObserver? Observer { get; init; }
}
