namespace FewShot.Charts;

/// <summary>
/// Says who formats values of a type. Kernels for .NET notebooks find it by this name and these properties, and look for
/// <c>CreateTypeFormatters</c> in the type that it names; so a library needs no package of theirs.
/// </summary>
/// <param name="formatterSourceType">A type with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type that makes the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The MIME types that values are shown as where nobody says which.</summary>
    public string[] PreferredMimeTypes { get; init; } = [];
}
