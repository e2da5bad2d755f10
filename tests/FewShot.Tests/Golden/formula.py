"""Numbers that both sides compute alike: see Formula.cs. No weight file is needed."""
import numpy as np


def uniform(name, count):
    """float64 in [0, 1): a 32-bit hash of the name and the position."""
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    h = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed)) & np.uint64(0xFFFFFFFF)
    for _ in range(2):
        h = ((h ^ (h >> np.uint64(16))) * np.uint64(0x45D9F3B)) & np.uint64(0xFFFFFFFF)
    return (h ^ (h >> np.uint64(16))) / 2.0**32


def weights(name, shape):
    """float32 values that keep a residual network's activations near 1."""
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("running_var") or name.endswith("bn1.weight") or name.endswith("1.weight") and len(shape) == 1:
        values = 0.5 + u
    elif name.endswith("bn2.weight"):
        values = 0.2 + 0.2 * u
    elif len(shape) == 4:  # Kaiming over the fan-out.
        values = (u - 0.5) * np.sqrt(24.0 / (shape[0] * shape[2] * shape[3]))
    else:
        values = (u - 0.5) * 0.2
    return values.astype(np.float32).reshape(shape)


def pixels(name, shape):
    """uint8 values."""
    return np.floor(uniform(name, int(np.prod(shape))) * 256).astype(np.uint8).reshape(shape)
