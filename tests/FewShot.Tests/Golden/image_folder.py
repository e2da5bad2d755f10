#!/usr/bin/env python3
"""Prints image_folder.json: what PIL and torchvision make of the image in Data/ImageFolderTests.cs (37 x 23, shorter side to 8, centre crop 8)."""
import json

import torchvision.transforms.functional as transforms
from PIL import Image

WIDTH, HEIGHT, SIZE = 37, 23, 8
image = Image.new("RGB", (WIDTH, HEIGHT))
image.putdata([((x * 7 + y * 3) % 256, (x * x + y * 11) % 256, (x * y * 5) % 256) for y in range(HEIGHT) for x in range(WIDTH)])
small = transforms.center_crop(transforms.resize(image, SIZE), SIZE)
print(json.dumps({"pixels": transforms.pil_to_tensor(small).flatten().tolist()}))
