using System.CommandLine;
using FewShot.Kernel;
using FewShot.Kernel.Bundle;
using FewShot.Kernel.Commands;
using FewShot.Kernel.Jupyter;
using FewShot.Kernel.Run;
using FewShot.Kernel.Site;

Cultures.Settle();
var call = new RootCommand("Runs the notebooks of the course and its longer measurements, and learns classifiers of your own photos.")
{
    TrainCommand.Create(), ClassifyCommand.Create(), EvaluateCommand.Create(), SuggestCommand.Create(), ExportCommand.Create(),
    RunCommand.Create(), PublishCommand.Create(), BundleCommand.Create(), BundleCommand.CreateUnbundle(),
    InstallCommand.Create(), UninstallCommand.Create(), DoctorCommand.Create(), JupyterCommand.Create(),
    StudyCommand.Create(), TableCommand.Create(), TrainMetaCommand.Create(), JudgeMetaCommand.Create(),
}.Parse(args);
var status = await call.InvokeAsync();
// A call that cannot be understood has a status of its own, so that a script can tell it from a photo that cannot be read.
return call.Errors.Count > 0 ? 2 : status;
