using System.Diagnostics;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;

namespace FewShot.Benchmarks;

/// <summary>
/// The largest memory this whole process ever held while a linear probe of 500 images at 128 px was fitted and measured on all 10,000 test
/// images, data sets and libtorch included.
/// </summary>
public sealed class MemoryBenchmark : IBenchmark
{
    private const double AllowedBytes = 1.5e9;

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public string Description =>
        "1.5 GB against the peak memory of a linear probe's evaluation on 10,000 images at 128 px (minutes on a CPU)";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var pixels = new Preprocessing();
        var (train, test) = BenchmarkSubject.Images(1000);
        var (network, source, digest) = BenchmarkSubject.Network();
        using var backbone = new FrozenResNet(network, source, digest);
        network.Dispose();
        var watch = Stopwatch.StartNew();
        using var bank = FeatureBank.Extract(backbone, train, pixels);
        using var probe = LogisticRegression.Fit(bank);
        using var testBank = FeatureBank.Extract(backbone, test, pixels);
        var accuracy = testBank.Predict(probe.Head).Accuracy;
        // The high-water mark of resident memory, as the system counts it.
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var work = $"{test.Count:N0} images ({test.Name}) at {pixels.Size} px, {backbone.Description}";
        output.WriteLine($"Work: {work}; {Torch.Describe()}.");
        output.WriteLine($"Accuracy {accuracy}; {probe}; {watch.Elapsed.TotalSeconds:F1} s.");
        output.WriteLine($"Peak memory of the whole process: {peak / 1e9:F3} GB, {AllowedBytes / 1e9:F1} GB allowed.");
        return new Measurement(work, $"{AllowedBytes / 1e9:F1} GB", 1, AllowedBytes / peak);
    }
}
