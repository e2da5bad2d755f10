using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Display;

/// <summary>A value on display that can be replaced by another in its place.</summary>
public sealed class DisplayHandle
{
    private readonly CellContext cell;
    private readonly IReadOnlyList<string> mimeTypes;

    internal DisplayHandle(CellContext cell, string id, IReadOnlyList<string> mimeTypes)
    {
        this.cell = cell;
        this.mimeTypes = mimeTypes;
        Id = id;
    }

    /// <summary>Names the display within its session.</summary>
    public string Id { get; }

    /// <summary>Shows <paramref name="value"/> in place of what is shown, where it is shown.</summary>
    public void Update(object? value)
    {
        var now = CellContext.Current ?? cell;
        now.Show(new DisplayOutput(now.Render(value, mimeTypes), Id, IsUpdate: true));
    }
}
