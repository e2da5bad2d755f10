using System.CommandLine;
using FewShot.Kernel;
using FewShot.Kernel.Commands;
using FewShot.Kernel.Jupyter;
using FewShot.Kernel.Run;

Cultures.Settle();
return await new RootCommand("Runs the notebooks of the course and its longer measurements.")
{
    RunCommand.Create(),
    InstallCommand.Create(), UninstallCommand.Create(), DoctorCommand.Create(), JupyterCommand.Create(),
    StudyCommand.Create(), TrainMetaCommand.Create(), JudgeMetaCommand.Create(),
}.Parse(args).InvokeAsync();
