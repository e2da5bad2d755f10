"""The PyTorch side of `sinusoid-pytorch`: MAML on the sinusoid, a loop over tasks, weights passed as arguments."""
import torch.nn.functional as F

import meta


def forward(w, x):
    x = F.relu(F.linear(x, w[0], w[1]))
    x = F.relu(F.linear(x, w[2], w[3]))
    return F.linear(x, w[4], w[5])


meta.run([(40, 1), (40,), (40, 40), (40,), (1, 40), (1,)], (1,), (1,), forward, F.mse_loss)
