using System.CommandLine;
using FewShot.Course;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>train-meta</c>: makes the trained weights that notebooks show, and trains on CIFAR-FS.</summary>
internal static class TrainMetaCommand
{
    public static Command Create() =>
        new("train-meta", "Trains the networks of notebooks 02, 04 and 06, and a Conv4 on CIFAR-FS. Stopped and started again, it goes on.")
        {
            Sinusoid(), OmniglotCommand(), CifarFsCommand(),
        };

    private static Command Sinusoid()
    {
        var defaults = new SinusoidStudyOptions();
        var shared = new Shared(defaults.Iterations, defaults.Seed);
        var shot = new Option<int>("--shot") { Description = "Points of a task: 5, 10 or 20.", DefaultValueFactory = _ => defaults.Shot };
        var command = new Command("sinusoid", "MAML on sine waves, and a network trained on all waves together.") { shot };
        shared.AddTo(command);
        command.SetAction((arguments, cancellation) => Train(arguments, cancellation, () =>
        {
            var options = new SinusoidStudyOptions
            {
                Shot = arguments.GetValue(shot),
                Iterations = arguments.GetValue(shared.Iterations) ?? defaults.Iterations,
                Seed = arguments.GetValue(shared.Seed),
            };
            return SinusoidStudy.Run(
                arguments.GetValue(shared.Output),
                arguments.GetRequiredValue(shared.Work),
                options,
                shared.Limit(arguments),
                cancel: cancellation);
        }));
        return command;
    }

    private static Command OmniglotCommand()
    {
        var defaults = new OmniglotStudyOptions();
        var shared = new Shared(defaults.Iterations, defaults.Seed);
        var method = new Option<MetaMethod>("--method") { Description = "What is trained.", DefaultValueFactory = _ => defaults.Method };
        var way = new Option<int>("--way") { Description = "Classes of an episode.", DefaultValueFactory = _ => defaults.Way };
        var trainWay = new Option<int?>("--train-way")
        {
            Description = "Classes of a training episode of the prototypical network. Default: as many as --way.",
        };
        var shot = new Option<int>("--shot") { Description = "Support images of each class.", DefaultValueFactory = _ => defaults.Shot };
        var queries = new Option<int>("--queries")
        {
            Description = "Query images of each class in training.",
            DefaultValueFactory = _ => defaults.TrainQueries,
        };
        var tasks = new Option<int>("--tasks") { Description = "Episodes in a meta-batch.", DefaultValueFactory = _ => defaults.MetaBatch };
        var rate = new Option<double>("--rate")
        {
            Description = "Adam's learning rate at the start.",
            DefaultValueFactory = _ => defaults.LearningRate,
        };
        var schedule = new Option<LearningRateSchedule>("--schedule")
        {
            Description = "How it changes over all iterations.",
            DefaultValueFactory = _ => defaults.Schedule,
        };
        var batchNorm = new Option<BatchNormMode>("--batch-norm")
        {
            Description = "How query images are normalised in training.",
            DefaultValueFactory = _ => defaults.BatchNorm,
        };
        var validate = new Option<long>("--validate-every")
        {
            Description = "Iterations between two validations.",
            DefaultValueFactory = _ => defaults.ValidateEvery,
        };
        var vary = new Option<long>("--vary")
        {
            Description = "Turn, shift and enlarge training drawings a little in so many iterations from the start, "
                + "and train on mirror images of the characters, too, to the end.",
            DefaultValueFactory = _ => defaults.VariedIterations,
        };
        var start = new Option<string?>("--start-from")
        {
            Description = "Weights of an earlier training to start from (safetensors). Default: random ones.",
        };
        var part = new Option<bool>("--part")
        {
            Description = "Another training goes on from this one: do not judge it on the test characters.",
        };
        var command = new Command(
            "omniglot", "A learner on Omniglot's Vinyals split, judged on 600 frozen episodes of its test characters.")
        {
            method, way, trainWay, shot, queries, tasks, rate, schedule, batchNorm, validate, vary, start, part,
        };
        shared.AddTo(command);
        command.SetAction((arguments, cancellation) => Train(arguments, cancellation, () =>
        {
            var options = new OmniglotStudyOptions
            {
                Method = arguments.GetValue(method),
                Way = arguments.GetValue(way),
                TrainWay = arguments.GetValue(trainWay),
                Shot = arguments.GetValue(shot),
                TrainQueries = arguments.GetValue(queries),
                MetaBatch = arguments.GetValue(tasks),
                LearningRate = arguments.GetValue(rate),
                Schedule = arguments.GetValue(schedule),
                BatchNorm = arguments.GetValue(batchNorm),
                ValidateEvery = arguments.GetValue(validate),
                VariedIterations = arguments.GetValue(vary),
                Iterations = arguments.GetValue(shared.Iterations) ?? defaults.Iterations,
                Seed = arguments.GetValue(shared.Seed),
            };
            using var material = OmniglotMaterial.Open();
            return OmniglotStudy.Run(
                material.Split,
                arguments.GetValue(shared.Output),
                arguments.GetRequiredValue(shared.Work),
                options,
                shared.Limit(arguments),
                arguments.GetValue(start),
                !arguments.GetValue(part),
                cancel: cancellation);
        }));
        return command;
    }

    private static Command CifarFsCommand()
    {
        var shared = new Shared(null, 0);
        var method = new Option<MetaMethod>("--method")
        {
            Description = "What is trained: Maml or PrototypicalNetwork.",
            DefaultValueFactory = _ => MetaMethod.PrototypicalNetwork,
        };
        var shot = new Option<int>("--shot") { Description = "Support images of each class.", DefaultValueFactory = _ => 1 };
        var part = new Option<bool>("--part") { Description = "The training is not at its end: do not judge it on the test classes." };
        var command = new Command(
            "cifar-fs",
            "MAML or a prototypical network on CIFAR-FS by the published protocols, judged on 600 frozen episodes of its test classes: "
            + "many hours on two CPU cores.")
        {
            method, shot, part,
        };
        shared.AddTo(command);
        command.SetAction((arguments, cancellation) => Train(arguments, cancellation, () =>
        {
            var options = CifarFsStudyOptions.For(arguments.GetValue(method), arguments.GetValue(shot));
            options = options with
            {
                Iterations = arguments.GetValue(shared.Iterations) ?? options.Iterations,
                Seed = arguments.GetValue(shared.Seed),
            };
            using var split = OpenCifarFs.Open(cancellation);
            return CifarFsStudy.Run(
                split,
                arguments.GetValue(shared.Output),
                arguments.GetRequiredValue(shared.Work),
                options,
                shared.Limit(arguments),
                !arguments.GetValue(part),
                cancel: cancellation);
        }));
        return command;
    }

    private static Task<int> Train(ParseResult arguments, CancellationToken cancellation, Func<RunRecord> run) =>
        Guard.RunLong(arguments, "Stopped; the same command goes on from here.", cancellation, () =>
        {
            foreach (var (name, value) in run().Results)
                Console.WriteLine(FormattableString.Invariant($"{name,-40} {value:0.####}"));
            return 0;
        });

    private sealed class Shared(long? iterations, long seed)
    {
        private readonly Option<double?> minutes = new("--minutes")
        {
            Description = "Stop training after so many minutes and take the best so far. Nothing else depends on it.",
        };

        public Option<long?> Iterations { get; } = new("--iterations")
        {
            Description = "Meta-batches in all. Default: those of the protocol.",
            DefaultValueFactory = _ => iterations,
        };

        public Option<long> Seed { get; } = new("--seed") { Description = "Decides weights and tasks.", DefaultValueFactory = _ => seed };

        public Option<string?> Output { get; } = new("--output")
        {
            Description = "Where weights and record go. Default: data/meta in the repository.",
        };

        public Option<string> Work { get; } = new("--work")
        {
            Description = "Where checkpoints are kept.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "meta"),
        };

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { Iterations, minutes, Seed, Output, Work })
                command.Add(option);
        }

        public TimeSpan? Limit(ParseResult arguments) => arguments.GetValue(minutes) is { } value ? TimeSpan.FromMinutes(value) : null;
    }
}
