namespace FewShot.Runtime;

/// <summary>What <see cref="DeviceCheck"/> found of one thing.</summary>
/// <param name="IsRight">Whether it is there and does what it should.</param>
/// <param name="What">A word for it: "Driver".</param>
/// <param name="Text">One line: what was found, or what is missing and how to get it.</param>
public sealed record DeviceFinding(bool IsRight, string What, string Text)
{
    /// <summary>"ok       Driver      580.65.06; ...", or "missing" in front.</summary>
    public override string ToString() => $"{(IsRight ? "ok     " : "missing")}  {What,-10}  {Text}";
}
