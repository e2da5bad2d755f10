using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// What ridge regressions would say of each image had it been left out, without fitting them again: exact, by the hat matrix (Allen 1974,
/// "The Relationship Between Variable Selection and Data Augmentation and a Method for Prediction"). All views of an image are left out
/// together.
/// </summary>
/// <remarks>
/// The bias is free. The penalty on the sum of squares stays what it is when an image is left out, and so do the statistics of the scaling.
/// </remarks>
internal sealed class LeaveOneOut
{
    private readonly int views;
    private readonly torch.Tensor left;
    private readonly torch.Tensor squares;
    private readonly torch.Tensor targets;
    private readonly torch.Tensor mean;

    /// <param name="inputs">float64, views * N x D, view by view.</param>
    /// <param name="targets">float64, views * N x C.</param>
    /// <param name="views">Views of each image.</param>
    public LeaveOneOut(torch.Tensor inputs, torch.Tensor targets, int views)
    {
        this.views = views;
        this.targets = targets;
        mean = targets.mean([0], keepdim: true);
        var centred = inputs - inputs.mean([0], keepdim: true);
        // The left singular vectors by way of the smaller of the two matrices of products.
        if (centred.shape[0] <= centred.shape[1])
        {
            var (values, vectors) = torch.linalg.eigh(centred.mm(centred.t()));
            (left, squares) = (vectors, values.clamp_min(0));
        }
        else
        {
            var (values, vectors) = torch.linalg.eigh(centred.t().mm(centred));
            squares = values.clamp_min(0);
            var smallest = squares.max() * 1e-14;
            // A direction without spread explains nothing.
            left = centred.mm(vectors) / squares.where(squares > smallest, torch.full_like(squares, double.PositiveInfinity)).sqrt();
        }
    }

    /// <summary>The answers for images left out.</summary>
    /// <param name="strength">The penalty of mean squared error + strength x squared weights.</param>
    /// <returns>float64, views * N x C, in the order of the inputs.</returns>
    public torch.Tensor Answers(double strength)
    {
        using var scope = torch.NewDisposeScope();
        var (rows, images) = (targets.shape[0], targets.shape[0] / views);
        var shrinkage = squares / (squares + (strength * rows));
        var fitted = (left * shrinkage).mm(left.t().mm(targets - mean)) + mean;
        // One block of the hat matrix for each image, views x views.
        var blocks = left.view(views, images, -1).transpose(0, 1);
        var hat = (blocks * shrinkage).bmm(blocks.transpose(1, 2)) + (1.0 / rows);
        var errors = (targets - fitted).view(views, images, -1).transpose(0, 1);
        var held = torch.linalg.solve(torch.eye(views, dtype: torch.float64, device: targets.device) - hat, errors);
        return (targets - held.transpose(0, 1).reshape(targets.shape)).MoveToOuterDisposeScope();
    }
}
