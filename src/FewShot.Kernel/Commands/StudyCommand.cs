using System.CommandLine;
using FewShot.Course;
using FewShot.Studies;

namespace FewShot.Kernel.Commands;

/// <summary><c>study</c>: the five-draw measurement whose record notebook 03 shows.</summary>
internal static class StudyCommand
{
    public static Command Create()
    {
        const string Stopped = "Stopped; the same command goes on from here.";
        var draws = new Option<int>("--draws")
        {
            Description = "Draws of 50 labelled images of each class.",
            DefaultValueFactory = _ => new SubsetStudyOptions().Draws,
        };
        var output = new Option<string?>("--output")
        {
            Description = "The record to write. Default: data/records/cifar10-50.json in the repository.",
        };
        var work = new Option<string>("--work")
        {
            Description = "Where finished parts are kept; an interrupted study goes on from there.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "study"),
        };
        var frozen = new Option<bool>("--frozen-only")
        {
            Description = "Only the recipes that leave the backbone as it is: about a quarter of an hour on two CPU cores.",
        };
        var command = new Command(
            "study",
            "Measures the recipes of notebook 03 on five draws and the whole test set: about an hour and a half on two CPU cores. "
            + "Stopped and started again, it goes on.")
        {
            draws, frozen, output, work,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, Stopped, cancellation, () =>
        {
            using var material = CourseMaterial.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
            Console.WriteLine(material);
            var study = new SubsetStudy(
                material, arguments.GetRequiredValue(work), new SubsetStudyOptions { Draws = arguments.GetRequiredValue(draws) });
            var record = study.Run(arguments.GetValue(frozen) ? SubsetRecipe.Frozen : null);
            var path = arguments.GetValue(output) ?? SubsetStudyResult.RecordPath;
            record.Write(path);
            var result = new SubsetStudyResult(record);
            foreach (var recipe in result.Recipes)
            {
                var onTest = result.OnTest(recipe)?.ToString() ?? "-";
                Console.WriteLine(FormattableString.Invariant(
                    $"{recipe,-40} held out {result.HeldOut(recipe)}, loss {result.HeldOutLoss(recipe):0.000}; test {onTest}"));
            }

            Console.WriteLine(
                $"Chosen inside the labelled images: {string.Join("; ", result.Chosen)}. "
                + $"On the test images: {result.OfChosen}. Record: {path}");
            return 0;
        }));
        return command;
    }
}
