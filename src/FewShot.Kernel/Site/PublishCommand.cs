using System.CommandLine;
using System.Globalization;
using FewShot.Kernel.Run;
using FewShot.Kernel.Sessions;
using FewShot.Runtime;

namespace FewShot.Kernel.Site;

/// <summary>The command <c>publish</c>: the course as a site of pages.</summary>
internal static class PublishCommand
{
    public static Command Create() => Create(ConsoleRouter.TerminalOut, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var source = new Argument<string>("notebooks")
        {
            Description = "The folder of notebooks.",
            DefaultValueFactory = _ => "notebooks",
        };
        var folder = new Option<string>("--output", "-o")
        {
            Description = "Where the site goes.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "site"),
        };
        var stored = new Option<bool>("--stored") { Description = "Run nothing: show the outputs that the notebooks hold." };
        var open = new Option<bool>("--without-third-party-images")
        {
            Description = "Leave out pictures of others' data, as a public site must.",
        };
        var profile = new Option<CourseProfile?>("--profile") { Description = "quick or full, as for 'run'." };
        var command = new Command("publish", "Runs the course and writes it as a site: contents, chapters, solutions, slides, glossary.")
        {
            source, folder, stored, open, profile,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            try
            {
                CommandLine.Set(arguments.Tokens.Select(token => token.Value));
                var options = new SiteOptions
                {
                    Source = arguments.GetRequiredValue(source),
                    Output = arguments.GetRequiredValue(folder),
                    IsStored = arguments.GetValue(stored),
                    WithoutThirdPartyImages = arguments.GetValue(open),
                    Profile = arguments.GetValue(profile),
                };
                var pages = await new SiteBuilder(options, new PlainObserver(output)).BuildAsync(cancellation);
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{pages} pages: {Path.Combine(Path.GetFullPath(options.Output), "index.html")}"));
                return 0;
            }
            catch (FewShotException e)
            {
                await errors.WriteLineAsync(e.Message);
                return 1;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await errors.WriteLineAsync("Stopped. A site that was there is unchanged.");
                return 130;
            }
        });
        return command;
    }
}
