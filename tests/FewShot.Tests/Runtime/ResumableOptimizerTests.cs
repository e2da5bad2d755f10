using FewShot.Runtime;
using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Tests.Runtime;

public class ResumableOptimizerTests
{
    private const double Rate = 0.01;
    private const double Decay = 0.1;

    /// <summary>
    /// The published algorithms, written out for one number: Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithms 1
    /// and 2.
    /// </summary>
    [Theory]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("Sgd")]
    [InlineData("MomentumSgd")]
    public void Should_StepAsThePaperWrites_When_TheRateChanges(string kind)
    {
        using var parameter = new Parameter(torch.tensor(0.5, torch.float64));
        using var optimizer = Create(kind, parameter);
        double x = 0.5, mean = 0, square = 0, velocity = 0;
        for (var step = 1; step <= 7; step++)
        {
            Descend(optimizer, parameter, step);
            var (gradient, rate) = (Math.Cos(x) * step, Rate / step);
            (mean, square) = ((0.9 * mean) + (0.1 * gradient), (0.999 * square) + (0.001 * gradient * gradient));
            velocity = (0.9 * velocity) + gradient + (Decay * x);
            var adam = mean / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(square / (1 - Math.Pow(0.999, step))) + 1e-8);
            x -= rate * kind switch
            {
                "Adam" => adam,
                "AdamW" => adam + (Decay * x),
                "Sgd" => gradient,
                _ => velocity,
            };
        }

        Assert.Equal(x, parameter.item<double>(), 1e-9);
    }

    [Theory]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("Sgd")]
    [InlineData("MomentumSgd")]
    public void Should_GoOnBitForBit_When_ItsAveragesAreKept(string kind)
    {
        using var scope = torch.NewDisposeScope();
        var whole = new Parameter(torch.tensor(new[] { 0.5f, -1f, 2f }));
        using var unbroken = Create(kind, whole);
        for (var step = 1; step <= 3; step++)
            Descend(unbroken, whole, step);
        var parted = new Parameter(whole.detach().clone());
        using var resumed = Create(kind, parted);
        using (torch.no_grad())
        {
            foreach (var (name, average) in resumed.Averages)
                _ = average.copy_(unbroken.Averages[name]);
        }

        resumed.Resume(3);
        for (var step = 4; step <= 9; step++)
        {
            Descend(unbroken, whole, step);
            Descend(resumed, parted, step);
        }

        Assert.Equal(whole.data<float>().ToArray(), parted.data<float>().ToArray());
    }

    private static ResumableOptimizer Create(string kind, Parameter parameter)
    {
        TrainedParameter[] trained = [new("x", parameter, Rate)];
        return kind switch
        {
            "Adam" => ResumableOptimizer.Adam(trained),
            "AdamW" => ResumableOptimizer.AdamW(trained, Decay),
            "Sgd" => ResumableOptimizer.Sgd(trained),
            _ => ResumableOptimizer.MomentumSgd(trained, Decay),
        };
    }

    private static void Descend(ResumableOptimizer optimizer, Parameter parameter, int step)
    {
        using var scope = torch.NewDisposeScope();
        parameter.grad?.zero_();
        (parameter.sin() * step).sum().backward();
        optimizer.Step(1.0 / step);
    }
}
