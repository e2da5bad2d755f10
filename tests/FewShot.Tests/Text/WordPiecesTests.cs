using FewShot.Tests.Golden;
using FewShot.Text;

namespace FewShot.Tests.Text;

public sealed class WordPiecesTests
{
    private const int Beginning = 101, End = 102;

    private static readonly WordPieces Pieces = new(PackagedEncoder.Vocabulary(PackagedEncoder.DefaultPath), 256);

    public static TheoryData<string, int[]> Texts() => new(GoldenFile.Read("word_pieces.json").GetProperty("rows").EnumerateArray()
        .Select(row => (row.GetProperty("text").GetString()!, row.Values<int>("pieces"))));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Should_CutAsBert_When_TextIsEncoded(string text, int[] expected) =>
        Assert.Equal([Beginning, .. expected, End], Pieces.Encode(text));
}
