"""Scans against text: the same agreements of `wholes.jsonl`, printed and scanned, judged and held against their labels.

A scan is the printed page as a picture, a little turned, blurred and noisy. Told is the F1 of "carries any label".
"""

import io
import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape
from itertools import groupby
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter
from weasyprint import HTML

from bench.measures import Measure
from core.settings import ROOT
from evaluations.reading.agreements import can_recognise, read_agreement
from evaluations.screening.agreements import screen_agreement

WHOLES = ROOT / "tests" / "data" / "screening" / "wholes.jsonl"
DOCUMENTS = ("W01", "W04", "W08", "W09", "W10", "W11", "W12")
MOST_BELOW = 0.03
ALIKE = 0.6  # a clause as read is the clause as written
DPI = 150


def run() -> list[Measure]:
    if not can_recognise():
        return []
    printed, scanned = Tally(), Tally()
    for clauses in _documents():
        page = _printed(clauses)
        printed.add(page, clauses)
        scanned.add(_scanned(page), clauses)
    return [
        Measure("printed: any-label F1", printed.f1, ""),
        Measure("scanned: any-label F1", scanned.f1, ""),
        Measure("scanned below printed", printed.f1 - scanned.f1, "", MOST_BELOW),
        Measure("labelled clauses", printed.wanted, ""),
    ]


class Tally:
    """Clauses rightly marked, wrongly marked, and those that carry a label."""

    def __init__(self) -> None:
        self.right = self.wrong = self.wanted = 0

    def add(self, content: bytes, clauses: list[dict[str, Any]]) -> None:
        found = screen_agreement(read_agreement(content, name="协议.pdf")).found
        marked = {self._written(each.clause.text, clauses) for each in found}
        labelled = {clause["id"] for clause in clauses if clause["labels"]}
        self.right += len(marked & labelled)
        self.wrong += len(marked - labelled)
        self.wanted += len(labelled)

    @staticmethod
    def _written(text: str, clauses: list[dict[str, Any]]) -> str:
        alike = max(clauses, key=lambda each: SequenceMatcher(None, text, each["text"], autojunk=False).ratio())
        same = SequenceMatcher(None, text, alike["text"], autojunk=False).ratio() >= ALIKE
        return str(alike["id"]) if same else f"heading {text}"

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.right + self.wrong + self.wanted)


def _documents() -> Iterator[list[dict[str, Any]]]:
    rows = [json.loads(line) for line in WHOLES.read_text(encoding="utf-8").splitlines() if line.strip()]
    for name, clauses in groupby(rows, key=lambda row: str(row["document"])):
        if name in DOCUMENTS:
            yield list(clauses)


def _printed(clauses: list[dict[str, Any]]) -> bytes:
    lines = "".join(f"<p>{escape(each['number'])}　{escape(each['text'])}</p>" for each in clauses)
    style = "<style>body{font-family:'Noto Serif CJK SC';font-size:12pt;line-height:1.7}</style>"
    content: bytes = HTML(string=f"{style}<h1>{escape(clauses[0]['title'])}</h1>{lines}").write_pdf()
    return content


def _scanned(content: bytes) -> bytes:
    pages = [
        _as_scanned(page.render(scale=DPI / 72).to_pil(), at) for at, page in enumerate(pdfium.PdfDocument(content))
    ]
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=60)
    return file.getvalue()


def _as_scanned(page: Image.Image, number: int) -> Image.Image:
    grey = page.convert("L").rotate(0.5 if number % 2 else -0.4, fillcolor=255, resample=Image.Resampling.BICUBIC)
    noise = Image.effect_noise(grey.size, 24).point(lambda value: min(255, value + 120))
    return ImageChops.darker(grey.filter(ImageFilter.GaussianBlur(0.6)), noise)
