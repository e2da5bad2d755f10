"""Writes word_pieces.json: texts, and the word pieces that BERT's uncased models cut them into, by the rules of Devlin and others 2019
(characters cleaned, Chinese ones apart, lower case, accents away, punctuation apart; then the longest known pieces).

python3 tests/FewShot.Tests/Golden/word_pieces.py VOCABULARY, which is the vocab.txt that all-MiniLM-L6-v2 is published with."""
import csv
import json
import sys
import unicodedata
from pathlib import Path

CHINESE = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
           (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
HARD = ["a $1 fee, \u20ac1, 1\u00a3 and \u00a5100", "x^2 `q` ~1 a|b a=b 3+4 <x>", "\u00bfque? \u00abso\u00bb \u3002", "\u4f60\u597d\uff0c\u4e16\u754cabc", "don't na\u00efve H\u00c9LLO",
        "Stra\u00dfe \u0130stanbul", "no\u00a0break, wide\u3000space", "so\u00adft zero\u200bwidth \ufeffmark", "two\nlines\tand\r\ntabs", "c\u0001ontrol \ufffd", "\U0001F600 hi\U0001F600",
        "[CLS] [MASK] ##1 [PAD]", "\u00bd \u00b2 \u2122 50% 50\u00b0C", "(x)-y_z", "e\u0301 cafe\u0301", "a" * 101, "\u2013dash\u2014 \u201cquoted\u201d \u2026"]


def is_mark(letter):
    code = ord(letter)
    return 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126 or unicodedata.category(letter)[0] == "P"


def words(text):
    clean = ""
    for letter in text:
        if letter in "\t\n\r" or unicodedata.category(letter) == "Zs":
            clean += " "
        elif letter in "\0\ufffd" or unicodedata.category(letter) in ("Cc", "Cf"):
            continue
        elif any(first <= ord(letter) <= last for first, last in CHINESE):
            clean += f" {letter} "
        else:
            clean += letter
    for word in clean.split():
        bare = (part for part in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(part) != "Mn")
        yield from "".join(f" {part} " if is_mark(part) else part for part in bare).split()


def pieces(word, vocabulary):
    found, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in vocabulary), None)
        if end is None or len(word) > 100:
            return ["[UNK]"]
        found.append(prefix + word[start:end])
        start = end
    return found


vocabulary = {piece: number for number, piece in enumerate(Path(sys.argv[1]).read_text(encoding="utf-8").split("\n"))}
with open("data/banking77/test.csv", encoding="utf-8", newline="") as file:
    questions = [row["text"] for row in csv.DictReader(file)]
asked = HARD + [text for number, text in enumerate(questions) if number % 100 == 0 or any(sign in text for sign in "$\u00a3\u20ac\u00a5+=")]
rows = [{"text": text, "pieces": [vocabulary[p] for word in words(text) for p in pieces(word, vocabulary)]} for text in asked]
golden = Path(__file__).with_suffix(".json")
golden.write_text(json.dumps({"rows": rows}, ensure_ascii=True, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
print(len(rows), "texts")
