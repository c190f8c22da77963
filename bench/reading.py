"""Reading agreements: pages a second from .docx, PDF and (where the extra is installed) scans; memory for 300 pages."""

import resource
import time

from bench.measures import Measure
from evaluations.reading.agreements import can_recognise, read_agreement
from tests.evaluations.reading.makers import docx, paragraph, repeated, sample

PAGES = 300
CHARACTERS_A_PAGE = 800  # of a .docx, which has no pages before it is set
MOST_MEGABYTES = 300.0


def run() -> list[Measure]:
    printed = repeated(sample("05"), PAGES // 2)
    measures = [Measure("reading PDF with text", _pages_a_second(printed, PAGES), "pages/s")]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    measures.append(Measure(f"memory for a PDF of {PAGES} pages", peak, "MB", MOST_MEGABYTES))
    clause = "双方对商业秘密承担保密义务，期限至该信息公开之日止；依法报告、举报和配合检查不视为泄密。" * 2
    count = PAGES * CHARACTERS_A_PAGE // len(clause)
    word = docx(*(paragraph(f"{number + 1}．{clause}") for number in range(count)))
    measures.append(Measure("reading .docx, pages of 800 characters", _pages_a_second(word, PAGES), "pages/s"))
    if can_recognise():
        measures.append(Measure("reading scans", _pages_a_second(repeated(sample("07"), 3), 3), "pages/s"))
    return measures


def _pages_a_second(content: bytes, pages: int) -> float:
    started = time.perf_counter()
    read_agreement(content, name="")
    return pages / (time.perf_counter() - started)
