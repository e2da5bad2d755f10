"""What both PyTorch sides of the meta-learning comparisons share: reading the subject, MAML's loop over tasks, and the answers."""
import sys
import time

import numpy
import torch


def run(shapes, example, target, forward, loss_of):
    """shapes: of the weights, in order; example: shape of one input; target: shape of one target, or () for a class."""
    path, gradient_path = sys.argv[1:3]
    tasks, examples, steps = (int(a) for a in sys.argv[3:6])
    rate, threads = float(sys.argv[6]), int(sys.argv[7])
    torch.set_num_threads(threads)
    values = torch.from_numpy(numpy.fromfile(path, dtype="<f4"))

    def take(shape):
        nonlocal values
        count = int(numpy.prod(shape))
        taken, values = values[:count].clone().view(shape), values[count:]
        return taken

    sets = []
    for _ in ("support", "query"):
        sets += [take((tasks, examples, *example)), take((tasks, examples, *target))]
    if not target:
        sets[1], sets[3] = sets[1].long(), sets[3].long()
    weights = [take(shape).requires_grad_() for shape in shapes]
    assert len(values) == 0
    optimiser = torch.optim.Adam(weights, lr=1e-3)

    def loss(weights, sets):
        total = 0.0
        for support_x, support_y, query_x, query_y in zip(*sets):
            fast = weights
            for _ in range(steps):
                gradients = torch.autograd.grad(loss_of(forward(fast, support_x), support_y), fast, create_graph=True)
                fast = [w - rate * g for w, g in zip(fast, gradients)]
            total = total + loss_of(forward(fast, query_x), query_y)
        return total / tasks

    def wide(tensor):
        return tensor.detach().double() if tensor.is_floating_point() else tensor

    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
    for line in sys.stdin:
        if line.strip() == "gradient":
            leaves = [wide(w).requires_grad_() for w in weights]
            gradients = torch.autograd.grad(loss(leaves, [wide(s) for s in sets]), leaves)
            torch.cat([g.flatten() for g in gradients]).numpy().astype("<f8").tofile(gradient_path)
            print("written", flush=True)
            continue
        start = time.perf_counter()
        for _ in range(int(line)):
            optimiser.zero_grad()
            loss(weights, sets).backward()
            optimiser.step()
        print(repr(time.perf_counter() - start), flush=True)
