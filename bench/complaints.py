"""A rush of complaints: 200 a minute, each with a file of 5 MB, sent over HTTP to gunicorn with two workers.

COMPLAINTS says how many. Each client asks for the form as a browser does, sends it from an address of its own, which a
proxy would report (TRUSTED_PROXIES), and opens its receipt; every twentieth presses the button twice at once. On
SQLite, and on PostgreSQL where there is one. Nothing leaves this machine.
"""

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from io import BytesIO
from tempfile import TemporaryFile
from typing import Self
from urllib.parse import urlsplit

import flask_migrate
from PIL import Image
from sqlalchemy import func, select

from app import create_app
from bench.databases import databases
from bench.measures import Measure
from complaints.guarding import EVERYWHERE, Kind
from complaints.models import Complaint, ComplaintFile, KeptUpload, Reporter
from core import audit, settings
from core.db import db
from core.settings import ROOT
from core.uploads import store
from tests.factories.agencies import TINY_PDF

MOST = EVERYWHERE[Kind.SEND].riddle - 1  # in an hour; from then on everybody is asked a riddle
COMPLAINTS = min(int(os.environ.get("COMPLAINTS", "200")), MOST)
PER_MINUTE = 200
FILE_BYTES = 5 * 1024 * 1024
TWICE = 20  # every so many press the button twice
CLIENTS = 60
PATIENCE = 120  # seconds for an answer, and for the server to be there
MOST_SECONDS = 5.0
BOUNDARY = "boundary-of-a-form"
MARKER, COMMENT = b"\xff\xfe", 65_533  # of a JPEG, and how much one holds


@dataclass(frozen=True)
class Sent:
    """What came of one complaint: the numbers of its receipts (two where it was sent twice), or what was said."""

    numbers: tuple[str, ...]
    digest: str
    form: float  # seconds
    answers: tuple[float, ...]
    behind: float  # its client came to it so many seconds late
    refusal: str = ""


def run() -> list[Measure]:
    with databases() as given:
        return [measure for name, (instance, url) in given.items() for measure in _measures(name, instance, url)]


def _measures(name: str, instance: str, url: str) -> Iterator[Measure]:
    environ = {"MODE": settings.DEMONSTRATION, "INSTANCE": instance, "DATABASE_URL": url, "TRUSTED_PROXIES": "1"}
    app = create_app(settings.from_environment(environ))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    _jpeg(0)  # the picture is made before anybody waits for it
    before = os.times()
    with _serving(environ) as port, ThreadPoolExecutor(CLIENTS) as clients, ThreadPoolExecutor(CLIENTS) as hands:
        start = time.monotonic()
        sent = list(clients.map(lambda number: _send(port, number, start, hands), range(COMPLAINTS)))
    answers = sorted(seconds for each in sent for seconds in each.answers)
    yield Measure(f"{name}: complaints with 5 MB, {PER_MINUTE} a minute", len(sent), "")
    yield Measure(f"{name}: the form, p95", _share(sorted(each.form for each in sent), 0.95), "s")
    yield Measure(f"{name}: an answer, p50", _share(answers, 0.5), "s")
    yield Measure(f"{name}: an answer, p95", _share(answers, 0.95), "s", MOST_SECONDS)
    yield Measure(f"{name}: sent late, p95", _share(sorted(each.behind for each in sent), 0.95), "s")
    spent = os.times()
    server = spent.children_user + spent.children_system - before.children_user - before.children_system
    yield Measure(f"{name}: processor time of the server for each", server / len(sent), "s")
    with app.app_context():
        yield from _kept(name, sent)
        db.session.remove()
        db.engine.dispose()


def _kept(name: str, sent: Sequence[Sent]) -> Iterator[Measure]:
    """What database and store hold afterwards, beside what each was told."""
    for refusal in sorted({each.refusal for each in sent if each.refusal}):
        print(f"  {name}: not received: {refusal}")
    session = db.session()
    told = [each for each in sent if each.numbers]
    found: Mapping[str, int] = {row.number: row.id for row in session.execute(select(Complaint.number, Complaint.id))}
    yield Measure(f"{name}: without a receipt", len(sent) - len(told), "", 0)
    yield Measure(f"{name}: receipts of which there is no complaint", _missing(told, found), "", 0)
    yield Measure(f"{name}: sent twice and told two numbers", sum(len(set(each.numbers)) > 1 for each in told), "", 0)
    double = len(told) - len({each.numbers[0] for each in told}) + abs(len(found) - len(told))
    yield Measure(f"{name}: doubles", double, "", 0)
    reporters = session.scalar(select(func.count()).select_from(Reporter)) or 0
    yield Measure(f"{name}: without their reporter", abs(len(told) - reporters), "", 0)
    yield Measure(f"{name}: files not as they were sent", sum(not _is_whole(each, found) for each in told), "", 0)
    left_over = session.scalar(select(func.count()).select_from(KeptUpload)) or 0
    yield Measure(f"{name}: files left at a form", left_over, "")
    yield Measure(f"{name}: faults of the log's chain", len(audit.verify(session).faults), "", 0)


def _missing(told: Sequence[Sent], found: Mapping[str, int]) -> int:
    return sum(number not in found for each in told for number in each.numbers)


def _is_whole(each: Sent, found: Mapping[str, int]) -> bool:
    """Whether its complaint has its file and no other, readable as it was."""
    asked = select(ComplaintFile).where(ComplaintFile.complaint_id == found.get(each.numbers[0]))
    files = [row.file.digest for row in db.session.scalars(asked)]
    return [sha256(store().open(digest)).hexdigest() for digest in files] == [each.digest]


def _share(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("inf")


@contextmanager
def _serving(environ: Mapping[str, str]) -> Iterator[int]:
    """gunicorn as it is run in production, on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening, TemporaryFile() as log:
        port: int = listening.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listening.fileno()}", "--worker-class", "gthread",
             "--workers", "2", "--threads", "8", "--timeout", "120", "wsgi:app"],
            cwd=ROOT, env={**os.environ, **environ, "PUBLIC_URL": f"http://127.0.0.1:{port}"},
            pass_fds=[listening.fileno()], stdout=log, stderr=log,
        )  # fmt: skip
        try:
            Client(port, "10.0.0.1").get("/complaints")  # waits until it is there
            yield port
        finally:
            server.terminate()
            server.wait(PATIENCE)
            log.seek(0)
            for line in log.read().decode(errors="replace").splitlines():
                if "[INFO]" not in line:
                    print(f"  server: {line}")


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str


class Client:
    """A browser as far as it matters here: cookies, and an address that the proxy saw."""

    def __init__(self, port: int, address: str) -> None:
        self._port, self._address = port, address
        self._cookies = SimpleCookie()

    def beside(self) -> Self:
        """The same browser once more, for two requests at once."""
        other = type(self)(self._port, self._address)
        other._cookies.load(self._cookies.output(header="", sep=";"))
        return other

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: bytes) -> Answer:
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in self._cookies.items())
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"X-Forwarded-For": self._address, "Cookie": cookies, **headers})
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(cookie)
        return Answer(answer.status, text, urlsplit(answer.headers.get("Location", "")).path)


def _send(port: int, number: int, start: float, hands: ThreadPoolExecutor) -> Sent:
    due = start + number * 60 / PER_MINUTE
    time.sleep(max(0.0, due - time.monotonic()))
    behind = time.monotonic() - due
    client = Client(port, f"10.{number // 250}.{number % 250}.7")
    file, kind = (_jpeg(number), "jpg") if number % 2 else (_pdf(number), "pdf")
    digest = sha256(file).hexdigest()
    began = time.monotonic()
    try:
        page = client.get("/complaints/new")
        opened = time.monotonic() - began
        body = _form(page.text, number, file, kind)
        times = 2 if number % TWICE == TWICE - 1 else 1
        pressed = [hands.submit(_press, client, body) for _ in range(times)]
        answered = [each.result() for each in pressed]
    except (OSError, HTTPException) as failure:
        return Sent((), digest, time.monotonic() - began, (), behind, repr(failure))
    numbers = tuple(number for number, _, _ in answered if number)
    refusal = "; ".join(said for _, _, said in answered if said)
    return Sent(
        numbers if len(numbers) == times else (), digest, opened, tuple(each[1] for each in answered), behind, refusal
    )


def _press(client: Client, body: bytes) -> tuple[str, float, str]:
    """Number of the receipt, how long the answer took, and what was said where there is none."""
    own = client.beside()
    began = time.monotonic()
    answer = own.post("/complaints/new", body)
    seconds = time.monotonic() - began
    receipt = own.get(answer.location) if answer.status == 303 else answer
    found = re.search(r"编号 (JB\d+)", receipt.text)
    if found is not None:
        return found[1], seconds, ""
    said = re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', receipt.text, re.DOTALL)
    return "", seconds, f"{answer.status} {unescape(' '.join(said))[:200]}"


def _form(page: str, number: int, file: bytes, kind: str) -> bytes:
    """The form as a browser sends it, with the hidden fields of the page."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    fields = {
        **{name: unescape(value) for name, value in hidden.items()},
        "target_name": f"某评价机构{number}",
        "matters": "false_report",
        "facts": f"第 {number} 件：报告中的检测数据与现场不符。",
        "kind": "person",
        "name": "张三丰",
        "phone": f"138{number:08d}",
        "consents": "y",
        "is_true": "y",
        "do": "send",
    }
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(
        f'name="files"; filename="evidence.{kind}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + file
    )
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(start + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def _pdf(number: int) -> bytes:
    """A sound PDF that is nobody else's: so much of a remark behind its end, and the end once more."""
    remark = random.Random(number).randbytes(FILE_BYTES // 2).hex().encode()  # noqa: S311 - a benchmark's file
    return TINY_PDF + b"\n%" + remark + b"\n%%EOF\n"


def _jpeg(number: int) -> bytes:
    """A picture, with so many comments of its own that it has its size."""
    picture, chance = _picture(), random.Random(number)  # noqa: S311 - a benchmark's file
    comments = []
    for _ in range((FILE_BYTES - len(picture)) // COMMENT):
        comments.append(MARKER + (COMMENT + 2).to_bytes(2, "big") + chance.randbytes(COMMENT))
    return picture[:2] + b"".join(comments) + picture[2:]


@cache
def _picture() -> bytes:
    """What a telephone takes: 12 million points."""
    into = BytesIO()
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(into, "JPEG", quality=30)
    return into.getvalue()
