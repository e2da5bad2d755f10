using FewShot.Text;

namespace FewShot.Tests.Text;

/// <summary>The packaged encoder, read once for all tests: no test changes it, and each reading takes 200 MB and a second.</summary>
internal static class SharedEncoder
{
    private static readonly Lazy<SentenceEncoder> Encoder = new(() => SentenceEncoder.Packaged());

    public static SentenceEncoder Value => Encoder.Value;
}
