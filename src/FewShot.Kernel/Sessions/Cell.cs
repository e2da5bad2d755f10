namespace FewShot.Kernel.Sessions;

/// <summary>A piece of code to execute.</summary>
/// <param name="Number">Its execution count, from 1; errors name it: "cell 3, line 5".</param>
/// <param name="Text">C# script code.</param>
public sealed record Cell(int Number, string Text)
{
    /// <summary>The name that stack traces and diagnostics give it.</summary>
    public string Name => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cell {Number}");
}
