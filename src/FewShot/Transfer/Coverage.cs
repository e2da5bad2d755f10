using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// Chooses photos that stand for as many others as possible: facility location, whose greedy solution reaches at least 63 % of the best one
/// (Nemhauser, Wolsey and Fisher 1978, "An analysis of approximations for maximizing submodular set functions", section 4). With few labels
/// it finds better photos than uncertainty does, which prefers the odd ones (Hacohen et al. 2022, "Active Learning on a Budget").
/// </summary>
internal static class Coverage
{
    /// <summary>
    /// The photos in the order in which they should be labelled: each time the one that raises most the sum, over all photos, of the cosine
    /// to the nearest labelled or chosen one.
    /// </summary>
    /// <param name="labelled">float32, L x D, at least one.</param>
    /// <param name="unlabelled">float32, U x D.</param>
    /// <param name="count">How many, at most U.</param>
    /// <returns>Positions among the unlabelled.</returns>
    public static int[] Choose(torch.Tensor labelled, torch.Tensor unlabelled, int count)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var all = torch.cat([labelled, unlabelled]).to(torch.float64);
        var directions = torch.nn.functional.normalize(all - all.mean([0], keepdim: true));
        var candidates = directions.narrow(0, labelled.shape[0], unlabelled.shape[0]);
        // Opposite directions resemble each other no less than unrelated ones: both do not at all.
        var likeness = directions.mm(candidates.t()).clamp_min(0).to(torch.float32);
        var covered = directions.mm(directions.narrow(0, 0, labelled.shape[0]).t()).clamp_min(0).amax([1], keepdim: true).to(torch.float32);
        var chosen = new int[count];
        for (var i = 0; i < count; i++)
        {
            using var step = torch.NewDisposeScope();
            var gains = (likeness - covered).clamp_min(0).sum([0]);
            foreach (var before in chosen.AsSpan(0, i))
                _ = gains[before].fill_(-1);
            chosen[i] = (int)gains.argmax().item<long>();
            _ = covered.copy_(torch.maximum(covered, likeness.narrow(1, chosen[i], 1)));
        }

        return chosen;
    }
}
