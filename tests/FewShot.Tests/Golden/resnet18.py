"""Writes resnet18.json: torchvision's ResNet-18 on weights by formula. Needs python3-torch and python3-torchvision (Debian 12)."""
import json
import os

import torch
import torchvision

import formula

model = torchvision.models.resnet18().eval()
state = model.state_dict()
for name, value in state.items():
    if not name.endswith("num_batches_tracked"):
        state[name] = torch.from_numpy(formula.weights(name, tuple(value.shape)))
model.load_state_dict(state)
images = torch.from_numpy((formula.uniform("images", 2 * 3 * 64 * 96).reshape(2, 3, 64, 96) * 4 - 2).astype("float32"))
with torch.no_grad():
    logits = model(images)
    model.fc = torch.nn.Identity()
    features = model(images)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "resnet18.json"), "w") as out:
    rows = lambda tensor: [[float(f"{v:.7g}") for v in row] for row in tensor.tolist()]
    json.dump({"torch": torch.__version__, "torchvision": torchvision.__version__, "logits": rows(logits), "features": rows(features)}, out)
    out.write("\n")
print(logits.std(), logits.abs().max(), features.mean(), features.max())
