"""Writes colour.json: torchvision's colour adjustments and rotation, one image each. Needs python3-torch and python3-torchvision (Debian 12)."""
import json
import os

import torch
import torchvision
import torchvision.transforms.functional as F

import formula

images = torch.from_numpy(formula.uniform("colour", 3 * 3 * 4 * 5).reshape(3, 3, 4, 5).astype("float32"))
cases = []
for kind, amounts in [
    ("brightness", [0.5, 1.0, 1.7]),
    ("contrast", [0.3, 1.0, 1.8]),
    ("saturation", [0.0, 1.0, 2.2]),
    ("hue", [-0.4, 0.0, 0.15]),
    ("rotation", [-25.0, 0.0, 40.0]),
]:
    change = getattr(F, f"adjust_{kind}") if kind != "rotation" else (
        lambda image, angle: F.rotate(image, angle, interpolation=F.InterpolationMode.BILINEAR))
    result = torch.stack([change(image, amount) for image, amount in zip(images, amounts)])
    cases.append({"kind": kind, "amounts": amounts, "values": [float(f"{v:.7g}") for v in result.flatten().tolist()]})

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "colour.json"), "w") as out:
    json.dump({"torch": torch.__version__, "torchvision": torchvision.__version__, "cases": cases}, out)
    out.write("\n")
