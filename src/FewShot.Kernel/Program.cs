using System.CommandLine;
using FewShot.Kernel.Run;

return await new RootCommand("Runs the notebooks of the course.") { RunCommand.Create() }.Parse(args).InvokeAsync();
