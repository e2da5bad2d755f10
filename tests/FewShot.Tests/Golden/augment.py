"""Writes augment.json: torchvision's RandAugment operations at one magnitude, and its Gaussian blur, one image each. Needs python3-torch and
python3-torchvision (Debian 12)."""
import json
import math
import os

import torch
import torchvision
import torchvision.transforms.functional as F
from torchvision.transforms import RandAugment
from torchvision.transforms.autoaugment import _apply_op

import formula

MAGNITUDE = 20
# More than 255 pixels: with fewer, torchvision's equalize leaves an image as it is.
SHAPE = (1, 3, 18, 20)
pixels = torch.from_numpy(formula.pixels("augment", SHAPE))
# Not all values occur, so that stretching and spreading have something to do.
pixels = (pixels // 3 + 40).to(torch.uint8)
space = RandAugment(num_magnitude_bins=31)._augmentation_space(31, SHAPE[-2:])
cases = []
for name, (magnitudes, signed) in space.items():
    for sign in [1, -1] if signed else [1]:
        magnitude = sign * float(magnitudes[MAGNITUDE].item()) if magnitudes.ndim > 0 else 0.0
        images = pixels if name in ("Posterize", "Equalize") else pixels.to(torch.float32) / 255
        if name == "Solarize":
            magnitude = magnitude / 255
        result = _apply_op(images, name, magnitude, F.InterpolationMode.BILINEAR, None)
        if result.dtype == torch.uint8:
            result = result.to(torch.float32) / 255
        cases.append({"operation": name, "sign": sign, "values": [float(f"{v:.6g}") for v in result.flatten().tolist()]})

blurred = []
for sigma in [0.4, 1.3]:
    image = pixels.to(torch.float32) / 255
    radius = 6
    result = F.gaussian_blur(image, [2 * radius + 1] * 2, [sigma] * 2)
    blurred.append({"sigma": sigma, "radius": radius, "values": [float(f"{v:.6g}") for v in result.flatten().tolist()]})

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "augment.json"), "w") as out:
    json.dump({
        "torch": torch.__version__, "torchvision": torchvision.__version__,
        "magnitude": MAGNITUDE, "cases": cases, "blur": blurred,
    }, out)
    out.write("\n")
