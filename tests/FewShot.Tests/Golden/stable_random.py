#!/usr/bin/env python3
"""Prints the numbers in Runtime/StableRandomTests.cs and Data/SubsetTests.cs, from a second implementation in Python."""

MASK = (1 << 64) - 1


def mix(bits):
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    return bits ^ (bits >> 31)


class StableRandom:
    def __init__(self, seed, stream=None):
        self.state = seed & MASK if stream is None else mix(mix(seed & MASK) ^ (stream & MASK))

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        return mix(self.state)

    def next(self, bound):
        limit = MASK - (MASK % bound)
        while True:
            bits = self.bits()
            if bits < limit:
                return bits % bound

    def draw(self, items, count):
        for i in range(count):
            other = i + self.next(len(items) - i)
            items[i], items[other] = items[other], items[i]


random = StableRandom(1234567)
print("seed 1234567:", [random.bits() for _ in range(5)])
random = StableRandom(42, 3)
print("seed 42, stream 3, below 100:", [random.next(100) for _ in range(8)])
drawn = []
for label in range(3):
    positions = [position for position in range(30) if position % 3 == label]
    StableRandom(7, label).draw(positions, 2)
    drawn += positions[:2]
print("2 of each of 3 classes, label = position mod 3, 30 images, seed 7:", sorted(drawn))
