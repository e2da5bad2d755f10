#!/usr/bin/env python3
"""Prints the numbers in Heads/LogisticRegressionTests.cs and Transfer/LinearProbeTests.cs, from PyTorch (made with 1.13)."""

import math

import torch

MASK = (1 << 64) - 1


def features(count, size):
    """The formula of Formulas.cs: no two rows alike, nothing random."""
    return torch.tensor([[math.sin(1 + 0.7 * i + 1.3 * j * (1 + i % 3)) + 0.1 * j for j in range(size)] for i in range(count)], dtype=torch.float64)


def labels(count, classes):
    return torch.tensor([(i * i + i // 3) % classes for i in range(count)])


def logistic_regression():
    x, y = features(20, 4), labels(20, 3)
    theta = torch.zeros(3, 5, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([theta], max_iter=1000, tolerance_grad=1e-12, tolerance_change=0, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ theta[:, :4].T + theta[:, 4], y) + 0.05 / 2 * theta[:, :4].square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    print("logistic regression: loss", closure().item(), "largest gradient", theta.grad.abs().max().item())
    print("weights", theta[:, :4].tolist())
    # The bias is not penalised, so only its differences are determined; from zero it stays centred.
    print("bias", theta[:, 4].tolist())


def mix(bits):
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    return bits ^ (bits >> 31)


def order(count, seed, stream):
    """StableRandom.Draw of all of 0..count-1."""
    state = mix(mix(seed) ^ stream)
    items = list(range(count))
    for i in range(count):
        bound = count - i
        limit = MASK - MASK % bound
        while True:
            state = (state + 0x9E3779B97F4A7C15) & MASK
            bits = mix(state)
            if bits < limit:
                break
        other = i + bits % bound
        items[i], items[other] = items[other], items[i]
    return items


def linear_probe():
    x, y = features(20, 4).float(), labels(20, 3)
    torch.manual_seed(5)
    layer = torch.nn.Linear(4, 3)  # kaiming_uniform with a = sqrt 5 is uniform in +- 1 / sqrt 4
    optimiser = torch.optim.Adam(layer.parameters(), lr=1e-3)
    losses = []
    for epoch in range(3):
        total = 0.0
        positions = order(20, 5, epoch)
        for start in range(0, 20, 8):
            batch = positions[start:start + 8]
            loss = torch.nn.functional.cross_entropy(layer(x[batch]), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item() * len(batch)
        losses.append(total / 20)
    print("linear probe: losses", losses)
    print("weights", layer.weight.tolist())
    print("bias", layer.bias.tolist())


logistic_regression()
linear_probe()
