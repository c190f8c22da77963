"""The worker that reads strangers' agreements: a program of its own, one process a file.

PDFium, the picture codecs and the recognition of characters are native code. Here they can crash, hang or swell
without harm to the server: limits on processor time and memory are set before the first byte is read, nothing can be
written or started, and the environment with its secrets is not inherited. Nothing in a file is run or fetched.

    worker.py KIND SECONDS MEGABYTES MAX_PAGES MAX_SCANS RECOGNISE  < file  > lines

A line `PAGES 3 20` after each page, so that whoever waits can tell how far it is; the last line is what was read, as
JSON. Exit status 0: done; FAULT: the last line names a `Fault`; anything else: it crashed or was stopped.
"""

import json
import resource
import sys
import traceback
from typing import Any, NoReturn

from evaluations.reading.cutting import Cut, cut
from evaluations.reading.faults import Fault, Faulty
from evaluations.reading.lines import Reading

FAULT = 3
PAGES = "PAGES"
MEGABYTE = 1024**2
MAX_CHARACTERS = 3_000_000


def answer(kind: str, content: bytes, *, max_pages: int, max_scans: int, recognise: bool) -> dict[str, Any]:
    reading = _read(kind, content, max_pages, max_scans, recognise)
    if sum(sheet.length for sheet in reading.sheets) > MAX_CHARACTERS:
        raise Faulty(Fault.TOO_MUCH_TEXT)
    if not any(sheet.text.strip() for sheet in reading.sheets):
        raise Faulty(Fault.NO_OCR if reading.unread and reading.paged else Fault.NO_TEXT)
    return {
        "pages": [sheet.text for sheet in reading.sheets],
        "paged": reading.paged,
        "recognised": reading.recognised,
        "unread": reading.unread,
        "clauses": [told for clause in cut(reading.passages) if (told := _told(clause, reading))],
    }


def _read(kind: str, content: bytes, max_pages: int, max_scans: int, recognise: bool) -> Reading:
    # each brings its libraries along only where it is wanted
    if kind == "docx":
        from evaluations.reading import word

        return word.read(content)
    from evaluations.reading import paged

    return paged.read(kind, content, max_pages=max_pages, max_scans=max_scans, recognise=recognise, tell=_tell)


def _tell(done: int, of: int) -> None:
    sys.stdout.write(f"{PAGES} {done} {of}\n")
    sys.stdout.flush()


def _told(clause: Cut, reading: Reading) -> dict[str, Any] | None:
    places = list(clause.glyphs.places())
    if not places:
        return None
    first, last = places[0], places[-1]
    # the end counts on over the end of the page that the clause begins on
    before = sum(sheet.length for sheet in reading.sheets[first.sheet : last.sheet])
    return {
        "text": clause.glyphs.text,
        "number": clause.number,
        "lead": clause.lead,
        "page": first.sheet,
        "start": first.start,
        "end": before + last.end,
        "runs": [(run.sheet, run.start, run.length) if run else None for run in clause.glyphs.runs],
    }


REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.")


def _refuse_the_outside(event: str, _: object) -> None:
    if event.startswith(REFUSED) and event != "socket.gethostname":
        raise PermissionError(event)


def _limit_self(seconds: int, megabytes: int, *, threads: bool) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    for none_at_all in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(none_at_all, (0, 0))
    if not threads:  # recognition keeps one beside its own, and the system counts threads as processes
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    sys.addaudithook(_refuse_the_outside)


def main(kind: str, seconds: str, megabytes: str, max_pages: str, max_scans: str, recognise: str) -> NoReturn:
    _limit_self(int(seconds), int(megabytes), threads=recognise == "recognise")
    content = sys.stdin.buffer.read()
    try:
        read = answer(
            kind, content, max_pages=int(max_pages), max_scans=int(max_scans), recognise=recognise == "recognise"
        )
        sys.stdout.buffer.write(json.dumps(read, ensure_ascii=False).encode("utf-8", "replace"))
    except Faulty as faulty:
        _report(faulty.fault)
    except (MemoryError, RecursionError):
        _report(Fault.TOO_COMPLEX)
    except ImportError:
        raise  # the installation is at fault, not the file
    except Exception:  # the readers raise whatever broken input leads them to
        traceback.print_exc()
        _report(Fault.DAMAGED)
    sys.exit(0)


def _report(fault: Fault) -> NoReturn:
    sys.stdout.write(fault)
    sys.exit(FAULT)
