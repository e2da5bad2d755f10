using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FewShot.Kernel.Commands;
using FewShot.Runtime;

namespace FewShot.Kernel.Bundle;

/// <summary>The commands <c>bundle</c> and <c>unbundle</c>: the course in one file, and the way back.</summary>
internal static class BundleCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Option<string>("--output", "-o")
        {
            Description = "The file to write.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "few-shot-course.zip"),
        };
        var site = new Option<string>("--site")
        {
            Description = "The site that 'publish' wrote.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "site"),
        };
        var command = new Command("bundle", "Makes one file of course, packages and site, for a room without a network.") { file, site };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            var root = Root();
            var pages = arguments.GetRequiredValue(site);
            if (!File.Exists(Path.Combine(pages, "index.html")))
                throw new FewShotException($"{pages} holds no site. Make it first: publish --output {pages}");
            var path = arguments.GetRequiredValue(file);
            var (files, digest) = BundleFile.Write(
                path, root, Tracked(root), BundlePackages.Find(root), pages, ProgressSink.Current, cancellation);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{path}: {files:N0} files, {new FileInfo(path).Length / 1e6:N0} MB, SHA-256 {digest}"));
            return 0;
        }, errors));
        return command;
    }

    public static Command CreateUnbundle() => CreateUnbundle(Console.Out, Console.Error);

    public static Command CreateUnbundle(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("bundle") { Description = "What 'bundle' wrote, as few-shot-course.zip." };
        var folder = new Option<string>("--to")
        {
            Description = "The folder to make.",
            DefaultValueFactory = _ => "few-shot-course",
        };
        var command = new Command("unbundle", "Checks a bundle and unpacks it.") { file, folder };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            var target = arguments.GetRequiredValue(folder);
            var files = BundleFile.Install(arguments.GetRequiredValue(file), target, ProgressSink.Current, cancellation);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files:N0} files, each as its SHA-256 says, in {target}."));
            output.WriteLine($"To read: {Path.Combine(target, BundleFile.Site, "index.html")}");
            output.WriteLine($"To run: cd {Path.Combine(target, BundleFile.Course)}, then");
            output.WriteLine("  dotnet run -c Release --project src/FewShot.Kernel -- run notebooks");
            return 0;
        }, errors));
        return command;
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FewShot.sln")))
                return folder.FullName;
        }

        throw new FewShotException($"{Directory.GetCurrentDirectory()} is no folder of the course's repository. Call 'bundle' inside it.");
    }

    /// <summary>The repository's own files. Data that was downloaded is none of them: much of it may not be passed on.</summary>
    private static IReadOnlyList<string> Tracked(string root)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, "ls-files", "-z"]) { RedirectStandardOutput = true })!;
            var names = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            if (git.ExitCode == 0)
                return [.. names.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(name => File.Exists(Path.Combine(root, name)))];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no git: said below.
        }

        throw new FewShotException(
            $"'git ls-files' does not work in {root}: a bundle holds the files that git knows. Clone the course with git.");
    }
}
