"""The PyTorch side of `features`: torchvision's ResNet-18 in evaluation mode, no gradient, in batches, as PyTorch tutorials write it."""
import json
import struct
import sys
import time

import numpy
import torch
import torchvision

weights_path, images_path, features_path, pixels, size, batch, threads = sys.argv[1:4] + [int(a) for a in sys.argv[4:8]]
torch.set_num_threads(threads)

with open(weights_path, "rb") as file:  # safetensors
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    data = file.read()
state = {}
for name, entry in header.items():
    if name != "__metadata__" and entry["dtype"] == "F32":
        begin, end = entry["data_offsets"]
        state[name] = torch.from_numpy(numpy.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"]).copy())
model = torchvision.models.resnet18()
missing, unexpected = model.load_state_dict(state, strict=False)
assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
model.fc = torch.nn.Identity()
model.eval()

images = torch.from_numpy(numpy.fromfile(images_path, dtype=numpy.uint8).reshape(-1, 3, pixels, pixels).copy())
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def extract():
    features = []
    with torch.no_grad():
        for chunk in images.split(batch):
            floats = torch.nn.functional.interpolate(chunk.float() / 255, size=(size, size), mode="bilinear", align_corners=False)
            features.append(model((floats - mean) / deviation))
    return torch.cat(features)


print(f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, {torch.get_num_threads()} threads", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    result = extract()
    seconds = time.perf_counter() - start
    result.numpy().astype("<f4").tofile(features_path)
    print(repr(seconds), flush=True)
