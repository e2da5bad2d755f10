using System.Diagnostics;

namespace FewShot.Kernel.Tests;

public class CulturesTests
{
    [Fact(Explicit = true)]
    public async Task Should_StartAllTheSame_When_ThereIsNoIcuLibrary()
    {
        var start = new ProcessStartInfo(ThisProgram.Host, [ThisProgram.Assembly, "--help"]) { RedirectStandardOutput = true };
        // .NET then looks for this version alone.
        start.Environment["CLR_ICU_VERSION_OVERRIDE"] = "99.1";
        start.Environment.Remove("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Usage", output, StringComparison.Ordinal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
