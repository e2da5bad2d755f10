using System.CommandLine;
using FewShot.Runtime;

namespace FewShot.Kernel.Jupyter;

/// <summary>The options that <c>install</c> and <c>uninstall</c> share.</summary>
internal sealed class PlaceOptions
{
    public Option<string?> Name { get; } = new("--name")
    {
        Description = $"The kernel's name. Default: {KernelSpec.UsualName}, which .NET notebooks carry, "
            + $"or {KernelSpec.OwnName} where that belongs to another.",
    };

    public Option<bool> User { get; } = new("--user") { Description = "For yourself alone (the default)." };

    public Option<string?> Prefix { get; } = new("--prefix")
    {
        Description = "Below this folder instead: /usr/local, or a virtual environment.",
    };

    public void AddTo(Command command)
    {
        command.Add(Name);
        command.Add(User);
        command.Add(Prefix);
    }

    /// <exception cref="FewShotException">Both places are asked for.</exception>
    public string Folder(ParseResult arguments) => (arguments.GetValue(User), arguments.GetValue(Prefix)) switch
    {
        (true, not null) => throw new FewShotException("--user and --prefix are two places: give one of them."),
        (_, { } prefix) => JupyterFolders.Below(prefix),
        _ => JupyterFolders.User(Environment.GetEnvironmentVariable),
    };
}

/// <summary>The command <c>install</c>: makes the kernel known to Jupyter and VS Code.</summary>
internal static class InstallCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var place = new PlaceOptions();
        var force = new Option<bool>("--force") { Description = "Replace another kernel of that name." };
        var command = new Command("install", "Makes this kernel known to Jupyter and VS Code.") { force };
        place.AddTo(command);
        command.SetAction(arguments => Commands.Guard.Run(errors, () =>
        {
            var folder = place.Folder(arguments);
            var spec = new KernelSpec(folder, arguments.GetValue(place.Name) ?? KernelSpec.UsualName);
            if (arguments.GetValue(place.Name) is null && spec.Exists && !spec.IsOurs && !arguments.GetValue(force))
            {
                output.WriteLine(
                    $"The name {spec.Name} belongs to another kernel, so this one becomes {KernelSpec.OwnName}: "
                    + "choose it when you open a notebook, or install again with --force.");
                spec = new KernelSpec(folder, KernelSpec.OwnName);
            }

            spec.Install(ThisProgram.AsKernel, arguments.GetValue(force));
            output.WriteLine($"Installed: {spec.Folder}");
            return 0;
        }));
        return command;
    }
}

/// <summary>The command <c>uninstall</c>: takes back what <c>install</c> wrote.</summary>
internal static class UninstallCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var place = new PlaceOptions();
        var command = new Command("uninstall", "Takes back what install wrote.");
        place.AddTo(command);
        command.SetAction(arguments => Commands.Guard.Run(errors, () =>
        {
            var folder = place.Folder(arguments);
            var usual = new KernelSpec(folder, arguments.GetValue(place.Name) ?? KernelSpec.UsualName);
            var own = new KernelSpec(folder, KernelSpec.OwnName);
            var spec = arguments.GetValue(place.Name) is null && !usual.IsOurs && own.IsOurs ? own : usual;
            spec.Remove();
            output.WriteLine($"Removed: {spec.Folder}");
            return 0;
        }));
        return command;
    }
}
