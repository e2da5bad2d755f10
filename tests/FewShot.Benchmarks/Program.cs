using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FewShot.Benchmarks;
using FewShot.Runtime;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var benchmarks = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type.IsAssignableTo(typeof(IBenchmark)) && type is { IsClass: true, IsAbstract: false })
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)
    .ToList();

var root = new RootCommand("Ratios measured side by side in one run, peers included.");
var list = new Command("list", "Names every benchmark.");
list.SetAction(_ =>
{
    foreach (var benchmark in benchmarks)
        Console.WriteLine($"{benchmark.Name,-18} {benchmark.Description}");
});
root.Subcommands.Add(list);
foreach (var benchmark in benchmarks)
{
    var least = new Option<double?>("--min") { Description = "The least ratio; below it the exit code is 1." };
    var record = new Option<bool>("--record")
    {
        Description = "Writes data/records/benchmark-NAME.json, from which README.md takes the ratio.",
    };
    var command = new Command(benchmark.Name, benchmark.Description) { least, record };
    command.SetAction(arguments => Measure(benchmark, arguments.GetValue(least), arguments.GetValue(record)));
    root.Subcommands.Add(command);
}

return root.Parse(args).Invoke();

static int Measure(IBenchmark benchmark, double? least, bool isRecorded)
{
    try
    {
        var start = Stopwatch.GetTimestamp();
        var measurement = benchmark.Run(Console.Out);
        var ratio = measurement.Ratio;
        if (isRecorded)
        {
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            BenchmarkRecord.Of(benchmark.Name, measurement, seconds).Write(BenchmarkRecord.PathOf(benchmark.Name));
        }

        var tooLow = least is { } bound && !(ratio >= bound);
        if (tooLow)
            Console.WriteLine($"Below the least ratio asked for, {least:F2}.");
        Console.WriteLine($"{benchmark.Name} ratio {ratio:F2}");
        return tooLow ? 1 : 0;
    }
    catch (FewShotException e)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
}
