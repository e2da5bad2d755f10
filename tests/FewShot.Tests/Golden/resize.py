"""Writes resize.json: torchvision's resize, crop and normalise on small images. Needs python3-torch and python3-torchvision (Debian 12)."""
import json
import os

import torch
import torchvision
import torchvision.transforms as T
import torchvision.transforms.functional as F

import formula

MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def image(height, width):
    return torch.from_numpy(formula.pixels(f"{height}x{width}", (1, 3, height, width)))


cases = []


def case(kind, height, width, result, **settings):
    values = [float(f"{v:.7g}") for v in result.flatten().tolist()]
    cases.append({"kind": kind, "height": height, "width": width, **settings, "shape": list(result.shape), "values": values})


for antialias in (False, True):
    for (height, width), size in [((9, 13), (4, 5)), ((5, 4), (7, 9)), ((11, 4), (5, 6))]:
        floats = F.convert_image_dtype(image(height, width), torch.float32)
        case("bilinear", height, width, F.resize(floats, list(size), antialias=antialias), to=list(size), antialias=antialias)
    for (height, width), size in [((9, 13), 6), ((13, 9), 6), ((5, 6), 8), ((10, 17), 5), ((7, 12), 7)]:
        steps = [T.Resize(size, antialias=antialias), T.CenterCrop(size), T.Normalize(MEAN, DEVIATION)]
        result = T.Compose(steps)(F.convert_image_dtype(image(height, width), torch.float32))
        case("preprocessing", height, width, result, size=size, antialias=antialias)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "resize.json"), "w") as out:
    json.dump({"torch": torch.__version__, "torchvision": torchvision.__version__, "cases": cases}, out)
    out.write("\n")
