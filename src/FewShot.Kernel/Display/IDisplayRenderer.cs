using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Display;

/// <summary>Shows values of types that the formatters do not know, such as charts. One instance serves one session.</summary>
public interface IDisplayRenderer
{
    /// <summary>The value by MIME type; null where this renderer does not know its type.</summary>
    /// <param name="value">What to show.</param>
    /// <param name="cell">The cell that shows it.</param>
    IReadOnlyDictionary<string, string>? Render(object value, Cell cell);
}
