"""Writes meta.json: PyTorch's own meta-gradients, in float64, of a loop over tasks. Needs python3-torch (Debian 12).

One Conv4 step (stride 2, and max-pooling), and an MLP run: five Adam iterations of five inner steps. Numbers by formula: see formula.py.
"""
import json
import os

import torch
import torch.nn.functional as F

import formula


def numbers(name, shape, scale=1.0):
    """From -scale to scale."""
    return torch.from_numpy(formula.pixels(name, tuple(shape))).double().div(127.5).sub(1).mul(scale)


def weights_of(shapes):
    return [numbers(f"weight {i}", shape, 0.4).requires_grad_() for i, shape in enumerate(shapes)]


def conv4(pool):
    def forward(w, x):
        for block in range(2):
            x = F.conv2d(x, w[3 * block], stride=1 if pool else 2, padding=1)
            x = F.relu(F.batch_norm(x, None, None, w[3 * block + 1], w[3 * block + 2], training=True))
            if pool:
                x = F.max_pool2d(x, 2)
        return F.linear(x.flatten(1) if pool else x.mean((2, 3)), w[6], w[7])
    return forward


def mlp(w, x):
    return F.linear(F.relu(F.linear(x, w[0], w[1])), w[2], w[3])


def meta_loss(weights, forward, loss_of, tasks, steps, rate, second):
    total = 0.0
    for support_x, support_y, query_x, query_y in zip(*tasks):
        fast = weights
        for _ in range(steps):
            gradients = torch.autograd.grad(loss_of(forward(fast, support_x), support_y), fast, create_graph=second)
            fast = [w - rate * g for w, g in zip(fast, gradients)]
        total = total + loss_of(forward(fast, query_x), query_y)
    return total / len(tasks[0])


result = {"torch": torch.__version__}
for name, pool, size, features in (("strided", False, 7, 4), ("pooled", True, 8, 16)):
    shapes = [(4, 2, 3, 3), (4,), (4,), (4, 4, 3, 3), (4,), (4,), (3, features), (3,)]
    labels = torch.arange(6).remainder(3).repeat(3, 1)
    tasks = [numbers("support", (3, 6, 2, size, size)), labels, numbers("query", (3, 6, 2, size, size)), labels]
    for second in (True, False):
        weights = weights_of(shapes)
        loss = meta_loss(weights, conv4(pool), F.cross_entropy, tasks, 1, 0.4, second)
        gradient = torch.cat([g.flatten() for g in torch.autograd.grad(loss, weights)])
        result[f"{name} {'second' if second else 'first'}"] = {"loss": loss.item(), "gradient": gradient.tolist()}

tasks = [numbers(n, (4, 5, 1), 3.0) for n in ("support x", "support y", "query x", "query y")]
weights = weights_of([(8, 1), (8,), (1, 8), (1,)])
optimiser = torch.optim.Adam(weights, lr=0.01)
losses = []
for _ in range(5):
    optimiser.zero_grad()
    loss = meta_loss(weights, mlp, F.mse_loss, tasks, 5, 0.02, True)
    loss.backward()
    optimiser.step()
    losses.append(loss.item())
result["mlp"] = {"losses": losses, "weights": torch.cat([w.detach().flatten() for w in weights]).tolist()}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "meta.json"), "w") as out:
    json.dump(result, out)
    out.write("\n")
