using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Transfer;

/// <summary>Refuses settings that cannot work, before anything is computed.</summary>
internal static class FineTunerCheck
{
    public static void Options(FineTunerOptions options, ResNet network, ImageSet training, ImageSet? validation)
    {
        if (training.Count == 0 || validation?.Count == 0)
        {
            throw new FewShotException(
                "Fine-tuning needs at least one training image, and at least one validation image where a set is given.");
        }

        NetworkClassifier.CheckClasses(network, training);
        if (validation is not null && !validation.ClassNames.SequenceEqual(training.ClassNames))
            throw new FewShotException($"{training.Name} and {validation.Name} have different classes.");
        if (options.FrozenGroups < 0 || options.FrozenGroups > network.Groups.Count)
            throw new FewShotException($"FrozenGroups is {options.FrozenGroups}; the network has {network.Groups.Count} layer groups.");
        var names = network.Groups.Skip(options.FrozenGroups).Select(group => group.Key).ToList();
        if (options.GroupLearningRates.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new FewShotException(
                $"GroupLearningRates names '{unknown}'; "
                + $"the groups that train are {(names.Count == 0 ? "none" : string.Join(", ", names))}.");
        }

        var rates = options.GroupLearningRates.Values.Append(options.LearningRate).Append(options.HeadLearningRate);
        if (rates.Any(rate => !(rate >= 0 && double.IsFinite(rate))))
            throw new FewShotException("A learning rate is a finite number of at least 0.");
        if (!(options.WeightDecay >= 0 && double.IsFinite(options.WeightDecay))
            || !(options.LabelSmoothing >= 0 && options.LabelSmoothing < 1))
        {
            throw new FewShotException(
                "WeightDecay must be at least 0 and LabelSmoothing from 0 to below 1; "
                + $"found {options.WeightDecay} and {options.LabelSmoothing}.");
        }

        if (options.Epochs < 1 || options.BatchSize < 1 || options.Patience < 0)
        {
            throw new FewShotException(
                "Epochs and BatchSize must be at least 1 and Patience at least 0; "
                + $"found {options.Epochs}, {options.BatchSize} and {options.Patience}.");
        }

        var steps = (long)options.Epochs * options.StepsPerEpoch(training);
        if (options.WarmUpSteps < 0 || options.WarmUpSteps >= steps)
            throw new FewShotException($"WarmUpSteps must be from 0 to below the number of steps, {steps}; found {options.WarmUpSteps}.");
        if (options.Patience > 0 && validation is null)
            throw new FewShotException("Patience needs validation images: without them no epoch is better than another.");
    }
}
