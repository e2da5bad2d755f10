namespace FewShot.Kernel.Display;

/// <summary>Shows values of types that the formatters do not know, such as charts. One instance serves one session.</summary>
public interface IDisplayRenderer
{
    /// <summary>The value by MIME type; null where this renderer does not know its type.</summary>
    IReadOnlyDictionary<string, string>? Render(object value);
}
