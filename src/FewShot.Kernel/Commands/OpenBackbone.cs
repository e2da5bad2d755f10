using FewShot.Course;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The backbone that the course stands on, opened for a command.</summary>
internal sealed class OpenBackbone : IDisposable
{
    private OpenBackbone(ClassifierBackbone value) => Value = value;

    public ClassifierBackbone Value { get; }

    /// <summary>The one that <see cref="CourseBackbones.Variable"/> names.</summary>
    public static OpenBackbone Current(CancellationToken cancellation)
    {
        using var pretrained = CourseBackbones.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
        return new OpenBackbone(new ClassifierBackbone(pretrained.Freeze(), pretrained.Preprocessing));
    }

    public void Dispose() => Value.Network.Dispose();
}
