using System.Globalization;
using FewShot.Course;
using FewShot.Data;
using FewShot.Onnx;
using FewShot.Transfer;
using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>A classifier of ours in a page of its own: the browser alone decodes the photo, resizes it and answers.</summary>
public sealed class OnnxPageTests : IAsyncLifetime
{
    private const string Site = "http://localhost/";

    private static readonly string Sources = Path.Combine(Course.Root, "tests", "FewShot.Notebooks.Tests", "FrontEnds");

    // A picture of an odd size that everybody has.
    private static readonly string Photo = Path.Combine(Course.Root, "notebooks", "images", "in-jupyter.png");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fewshot-onnx-");
    private LocalBrowser? browser;

    public async ValueTask InitializeAsync() => browser = await LocalBrowser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact(Explicit = true)]
    public async Task Should_GiveOurProbabilities_When_ABrowserClassifiesAPhoto()
    {
        var runtime = Programs.OnnxRuntimeWeb();
        using var classifier = Train();
        var model = Path.Combine(folder.FullName, "model.onnx");
        classifier.ExportOnnx(model);
        var errors = new List<string>();
        var page = browser!.Page;
        page.PageError += (_, error) => errors.Add(error);
        await page.RouteAsync(address => address.StartsWith(Site, StringComparison.Ordinal), route => AnswerAsync(route, model, runtime));
        await page.GotoAsync($"{Site}classify.html");
        await page.WaitForSelectorAsync("body[data-done]", new() { State = WaitForSelectorState.Attached });
        await browser.KeepAsync("onnx-page");
        Assert.Empty(errors);
        var found = await page.EvaluateAsync<string[][]>(
            "() => [...document.querySelectorAll('#answer li')].map(line => [line.dataset.name, line.dataset.probability])");
        var seconds = await page.EvaluateAsync<string>("() => document.body.dataset.seconds");
        var expected = classifier.Classify(Photo, top: classifier.ClassNames.Count).Top.ToDictionary(
            entry => entry.ClassName, entry => entry.Probability);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Select(entry => entry[0]).Order(StringComparer.Ordinal));
        var difference = found.Max(entry => Math.Abs(double.Parse(entry[1], CultureInfo.InvariantCulture) - expected[entry[0]]));
        TestContext.Current.SendDiagnosticMessage($"largest difference {difference:E1}, {seconds} s");
        Assert.InRange(difference, 0, 1e-3);
    }

    private Classifier Train()
    {
        var (train, test) = Shapes.TenClassProblem(trainPerClass: 4, testPerClass: 1);
        using (train)
        using (test)
            return Classifier.Train(SampleFolder.Write(train, perClass: 4, Path.Combine(folder.FullName, "photos")), new() { Size = 128 });
    }

    private static Task AnswerAsync(IRoute route, string model, string runtime)
    {
        var name = new Uri(route.Request.Url).AbsolutePath.TrimStart('/');
        var path = name switch
        {
            "classify.html" => Path.Combine(Sources, name),
            "photo.png" => Photo,
            "model.onnx" => model,
            _ => Path.Combine(runtime, Path.GetFileName(name)),
        };
        var type = Path.GetExtension(name) switch
        {
            ".html" => "text/html",
            ".mjs" => "text/javascript",
            ".wasm" => "application/wasm",
            ".png" => "image/png",
            _ => "application/octet-stream",
        };
        return File.Exists(path)
            ? route.FulfillAsync(new RouteFulfillOptions { Path = path, ContentType = type })
            : route.FulfillAsync(new RouteFulfillOptions { Status = 404 });
    }
}
