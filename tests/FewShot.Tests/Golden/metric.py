"""Writes metric.json: PyTorch's own numbers, in float64, for the metric learners. Needs python3-torch (Debian 12).

Loss and gradient of one meta-batch for each learner; three Adam steps of a prototypical network, with the running averages of BatchNorm;
ProtoMAML; a small ResNet-12. Numbers by formula: see formula.py.
"""
import json
import os

import torch
import torch.nn.functional as F

import formula

SIZE, TASKS, SUPPORT, QUERY, WAYS = 7, 3, 6, 6, 3


def numbers(name, shape, scale=1.0):
    """From -scale to scale."""
    return torch.from_numpy(formula.pixels(name, tuple(shape))).double().div(127.5).sub(1).mul(scale)


def weights_of(shapes):
    return [numbers(f"weight {i}", shape, 0.4).requires_grad_() for i, shape in enumerate(shapes)]


def maps(w, x, running):
    """Two blocks of stride 2. running: a mean and a variance for each."""
    for block in range(2):
        x = F.conv2d(x, w[3 * block], stride=2, padding=1)
        x = F.relu(F.batch_norm(x, *running[block], w[3 * block + 1], w[3 * block + 2], training=True))
    return x


def averages(count):
    return [(torch.zeros(4).double(), torch.ones(4).double()) for _ in range(count)]


def proto(support, query, w):
    centres = torch.stack([support[labels == c].mean(0) for c in range(WAYS)])
    return -torch.cdist(query, centres).square()


def cosine(support, query, w):
    centres = torch.stack([support[labels == c].mean(0) for c in range(WAYS)])
    return torch.stack([F.cosine_similarity(query, c.unsqueeze(0)) for c in centres], 1) * w[6]


def matching(support, query, w):
    cosines = torch.stack([F.cosine_similarity(query, s.unsqueeze(0)) for s in support], 1)
    return (cosines.softmax(1) @ F.one_hot(labels).double()).log()


def r2d2(support, query, w):
    ridge = support.T @ support + w[6].exp() * torch.eye(support.shape[1]).double()
    return query @ torch.linalg.inv(ridge) @ support.T @ F.one_hot(labels).double() * w[7] + w[8]


def scores(method, w, running):
    """The tasks one after another, after all images have passed as one batch."""
    x = maps(w, torch.cat([support_x.flatten(0, 1), query_x.flatten(0, 1)]), running).mean((2, 3))
    s = x[:TASKS * SUPPORT].view(TASKS, SUPPORT, -1)
    q = x[TASKS * SUPPORT:].view(TASKS, QUERY, -1)
    return torch.stack([method(a, b, w) for a, b in zip(s, q)])


def relation(w, running):
    x = maps(w, torch.cat([support_x.flatten(0, 1), query_x.flatten(0, 1)]), running)
    s = x[:TASKS * SUPPORT].view(TASKS, SUPPORT, *x.shape[1:])
    q = x[TASKS * SUPPORT:].view(TASKS, QUERY, *x.shape[1:])
    pairs = []
    for t in range(TASKS):
        for one in q[t]:
            for c in range(WAYS):
                pairs.append(torch.cat([s[t][labels == c].sum(0), one]))
    x = torch.stack(pairs)
    for block in range(2):
        first = 6 + 3 * block
        x = F.relu(F.batch_norm(F.conv2d(x, w[first], padding=1), *running[2 + block], w[first + 1], w[first + 2], training=True))
        if block == 0:
            x = F.max_pool2d(x, 2)
    x = F.relu(F.linear(x.flatten(1), w[12], w[13]))
    return torch.sigmoid(F.linear(x, w[14], w[15])).view(TASKS, QUERY, WAYS)


def flat(tensors):
    return torch.cat([t.detach().flatten() for t in tensors]).tolist()


labels = torch.arange(SUPPORT).remainder(WAYS)
targets = labels.repeat(TASKS, 1)
support_x = numbers("support", (TASKS, SUPPORT, 2, SIZE, SIZE))
query_x = numbers("query", (TASKS, QUERY, 2, SIZE, SIZE))
embedding = [(4, 2, 3, 3), (4,), (4,), (4, 4, 3, 3), (4,), (4,)]
result = {"torch": torch.__version__}

for name, method, extra in (("Euclidean", proto, []), ("Cosine", cosine, [(1,)]), ("MatchingNetwork", matching, []),
                            ("R2D2", r2d2, [(1,)] * 3)):
    w = weights_of(embedding + extra)
    loss = F.cross_entropy(scores(method, w, averages(2)).flatten(0, 1), targets.flatten())
    result[name] = {"loss": loss.item(), "gradient": flat(torch.autograd.grad(loss, w))}

w = weights_of(embedding + [(4, 8, 3, 3), (4,), (4,), (4, 4, 3, 3), (4,), (4,), (8, 4), (8,), (1, 8), (1,)])
loss = F.mse_loss(relation(w, averages(4)), F.one_hot(targets).double())
result["RelationNetwork"] = {"loss": loss.item(), "gradient": flat(torch.autograd.grad(loss, w))}

w, running = weights_of(embedding), averages(2)
optimiser = torch.optim.Adam(w, lr=0.01)
losses = []
for _ in range(3):
    optimiser.zero_grad()
    loss = F.cross_entropy(scores(proto, w, running).flatten(0, 1), targets.flatten())
    loss.backward()
    optimiser.step()
    losses.append(loss.item())
result["training"] = {"losses": losses, "weights": flat(w), "running": flat([t for layer in running for t in layer])}

for second in (True, False):
    w = weights_of(embedding + [(WAYS, 4), (WAYS,)])
    total = 0.0
    for s, q in zip(support_x, query_x):
        features = maps(w, s, [(None, None)] * 2).mean((2, 3))
        centres = torch.stack([features[labels == c].mean(0) for c in range(WAYS)])
        fast = w[:6] + [2 * centres, -centres.square().sum(1)]
        # The head is a start of its own for the inner gradient, and a function of the weights for the outer one.
        inner = [t.clone() if second else t.detach().requires_grad_() for t in fast]
        loss = F.cross_entropy(F.linear(maps(inner, s, [(None, None)] * 2).mean((2, 3)), inner[6], inner[7]), labels)
        gradients = torch.autograd.grad(loss, inner, create_graph=second)
        fast = [t - 0.1 * g for t, g in zip(fast, gradients)]
        total = total + F.cross_entropy(F.linear(maps(fast, q, [(None, None)] * 2).mean((2, 3)), fast[6], fast[7]), labels)
    total = total / TASKS
    gradients = torch.autograd.grad(total, w[:6])
    result["ProtoMaml " + ("second" if second else "first")] = {"loss": total.item(), "gradient": flat(gradients)}

widths = (3, 4, 5)
shapes, channels = [], 2
for width in widths:
    for kernel in ((width, channels, 3, 3), (width, width, 3, 3), (width, width, 3, 3), (width, channels, 1, 1)):
        shapes += [kernel, (width,), (width,)]
    channels = width
w = weights_of(shapes)
for training in (True, False):
    x = numbers("images", (4, 2, 9, 9))
    for block in range(len(widths)):
        def layer(values, number):
            k, scale, shift = w[3 * number:3 * number + 3]
            mean = numbers(f"mean {number}", (k.shape[0],), 0.5)
            variance = numbers(f"variance {number}", (k.shape[0],), 0.5) + 1
            values = F.conv2d(values, k, padding=k.shape[2] // 2)
            return F.batch_norm(values, mean, variance, scale, shift, training=training)
        shortcut = layer(x, 4 * block + 3)
        for convolution in range(3):
            x = layer(x, 4 * block + convolution)
            if convolution < 2:
                x = F.leaky_relu(x, 0.1)
        x = F.max_pool2d(F.leaky_relu(x + shortcut, 0.1), 2)
    result["ResNet12 " + ("training" if training else "evaluation")] = x.mean((2, 3)).flatten().tolist()

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "metric.json"), "w") as out:
    json.dump(result, out)
    out.write("\n")
