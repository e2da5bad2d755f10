#!/usr/bin/env python3
"""The digest of EpisodeListTests, computed apart from the library: SplitMix64, Fisher and Yates, SHA-256.

Nine classes of five images whose labels take turns; ten episodes, 3-way 1-shot, 2 queries, seed 1.
"""
import hashlib
import struct

MASK = (1 << 64) - 1


def mix(bits):
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    return bits ^ (bits >> 31)


class Random:
    def __init__(self, seed, stream):
        self.state = mix(mix(seed) ^ stream)

    def next(self, bound):
        limit = MASK - MASK % bound
        while True:
            self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
            bits = mix(self.state)
            if bits < limit:
                return bits % bound

    def draw(self, items, count):
        for i in range(count):
            other = i + self.next(len(items) - i)
            items[i], items[other] = items[other], items[i]


CLASSES, PER_CLASS, WAY, SHOT, QUERY, SEED, COUNT = 9, 5, 3, 1, 2, 1, 10
labels = [i % CLASSES for i in range(CLASSES * PER_CLASS)]
frame = hashlib.sha256(b"".join(struct.pack("<q", label) for label in labels) + "\n".join(f"class {i}" for i in range(CLASSES)).encode()).hexdigest()
digest = hashlib.sha256(frame.encode() + struct.pack("<5q", WAY, SHOT, QUERY, SEED, COUNT))
for number in range(COUNT):
    random = Random(SEED, number)
    classes = list(range(CLASSES))
    random.draw(classes, WAY)
    classes = classes[:WAY]
    support, query = [], []
    for label in classes:
        images = [i for i, value in enumerate(labels) if value == label]
        random.draw(images, SHOT + QUERY)
        support += images[:SHOT]
        query += images[SHOT:SHOT + QUERY]
    random.draw(support, len(support))
    random.draw(query, len(query))
    digest.update(b"".join(struct.pack("<q", value) for value in classes + support + query))
print(digest.hexdigest())
