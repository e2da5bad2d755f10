using System.Text.Encodings.Web;
using System.Text.Json;

namespace FewShot.Kernel.Commands;

/// <summary>Answers as JSON: a list with an object for each photo or text.</summary>
internal static class ClassificationJson
{
    private static readonly JsonSerializerOptions Form =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, string example, IReadOnlyList<ExampleAnswer> answers) =>
        output.WriteLine(JsonSerializer.Serialize(answers.Select(row => Row(example, row)), Form));

    private static Dictionary<string, object?> Row(string example, ExampleAnswer row) => row.Fault is null
        ? new()
        {
            [example] = row.Answer.Name,
            ["class"] = row.Answer.ClassName,
            ["known"] = row.Answer.IsKnown,
            ["top"] = row.Answer.Top.Select(entry => new { @class = entry.ClassName, probability = entry.Probability }),
        }
        : new() { [example] = row.Answer.Name, ["error"] = row.Fault };
}
