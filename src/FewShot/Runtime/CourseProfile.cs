namespace FewShot.Runtime;

/// <summary>How much work the notebooks do: minutes on a CPU (quick) or the figures of the text in full (full).</summary>
public enum CourseProfile
{
    /// <summary>Minutes on two CPU cores.</summary>
    Quick,

    /// <summary>Every draw, every test image; hours on a CPU.</summary>
    Full,
}

/// <summary>Reads the profile from the environment.</summary>
public static class CourseProfiles
{
    /// <summary>The variable that names the profile: <c>quick</c> or <c>full</c>.</summary>
    public const string Variable = "FEWSHOT_PROFILE";

    /// <summary>The profile asked for, or quick on a CPU and full on a GPU.</summary>
    /// <exception cref="FewShotException">The variable holds another word.</exception>
    public static CourseProfile Current => Environment.GetEnvironmentVariable(Variable)?.Trim().ToLowerInvariant() switch
    {
        null or "" => Torch.Device.type == TorchSharp.DeviceType.CUDA ? CourseProfile.Full : CourseProfile.Quick,
        "quick" => CourseProfile.Quick,
        "full" => CourseProfile.Full,
        var other => throw new FewShotException($"{Variable} is '{other}': use quick or full."),
    };
}
