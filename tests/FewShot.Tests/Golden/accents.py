"""Writes src/FewShot/Text/accents.txt: on each line a letter, and behind it all letters that are this one with accents (Unicode's canonical
decomposition, marks of category Mn taken away). Run from the repository's root: python3 tests/FewShot.Tests/Golden/accents.py"""
import unicodedata
from collections import defaultdict

HANGUL, SURROGATES, COMPATIBILITY = range(0xAC00, 0xD7A4), range(0xD800, 0xE000), range(0xF900, 0xFB00)

lines = defaultdict(str)
for code in range(0x80, 0x10000):
    letter = chr(code)
    if code in HANGUL or code in SURROGATES or code in COMPATIBILITY or unicodedata.category(letter) == "Mn":
        continue
    bare = "".join(part for part in unicodedata.normalize("NFD", letter) if unicodedata.category(part) != "Mn")
    if len(bare) == 1 and bare != letter:
        lines[bare] += letter

with open("src/FewShot/Text/accents.txt", "w", encoding="utf-8", newline="\n") as file:
    file.writelines(f"{bare}{lines[bare]}\n" for bare in sorted(lines))
