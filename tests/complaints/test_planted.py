"""What a reporter gives away is found nowhere: on no page of anybody else, in no export, mail, notice, log or file.

A report goes its whole course, and another one to a bureau and back; then everything is searched for its words.
"""

import base64
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from io import BytesIO, StringIO
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accounts.models import User
from agency.models import Agency, NonAdoption
from complaints.models import ComplaintFile
from core import clock
from core.contacts import masked_email, masked_phone
from core.db import db, transaction
from notices.mailing import expanding, message
from notices.models import Mail, MailKind, Notice
from sanctions.models import Point, Service
from supervision.models import CaseFile, Conclusion
from tests.codebase import world as worlds
from tests.codebase.world import World
from tests.complaints.course import CASES, DESK, Course, Done, People, Planted
from tests.conftest import Stage
from tests.crawling import Crawl
from tests.factories import Make

pytestmark = pytest.mark.xdist_group("planted")  # one course for the module, where workers share by group

PLANTED = Planted()
TRAITS = ("name", "contact", "phone", "email", "address", "relation", "file")  # on no page, not even its handler's
NEVER_SAID = "此处绝无之词"
OTHERS = ("visitor", "agent", "applicant", "assigner", "decider", "lawyer", "clerk", "other_bureau", "admin")
READERS = ("handler", "reviewer")


def spellings(word: str) -> set[bytes]:
    """A word as it may stand in a page, an address, a mail, a file."""
    plain = {word, quote(word), word.encode("unicode_escape").decode(), "".join(f"&#{ord(each)};" for each in word)}
    found = {each.encode(coding) for each in plain for coding in ("utf-8", "utf-16-le", "utf-16-be")}
    found |= {word.encode("gbk"), word.encode("unicode_escape").decode().upper().replace("\\U", "\\u").encode()}
    for shift in range(3):  # within a longer text in base64
        coded = base64.b64encode(b"\0" * shift + word.encode())
        found.add(coded[4 if shift else 0 : -4])
    return {each for each in found if len(each) > 7}


SPELLED = {name: spellings(word) for name, word in PLANTED.words.items()}
SPELLED["phone"] |= {masked_phone(PLANTED.phone).encode(), b"138 9753 1468"}
SPELLED["email"] |= {masked_email(PLANTED.email).encode(), b"planted-mail"}


def words_in(content: bytes) -> set[str]:
    """Which of the planted words a content holds; what is packed (.xlsx, .docx) is unpacked."""
    if content.startswith(b"PK\x03\x04"):
        with ZipFile(BytesIO(content)) as archive:
            content += b"\n".join(archive.read(name) for name in archive.namelist())
    return {name for name, forms in SPELLED.items() if any(form in content for form in forms)}


@dataclass
class Left:
    """What the course left behind, and who may look."""

    world: World
    people: People
    done: Done
    agency_id: int
    viewers: dict[str, User | None]
    log: str
    notices: list[int]  # posted in its course

    @property
    def app(self) -> Flask:
        return self.world.app

    def client(self, who: str) -> FlaskClient:
        """As whoever it is: the session says so, without a sign-in."""
        client, user = self.app.test_client(), self.viewers[who]
        if user is not None:
            instant = clock.now().timestamp()
            with client.session_transaction() as session:
                session.update(_user_id=user.get_id(), _fresh=True, began=instant, used=instant)
        return client

    def addresses(self) -> Iterator[str]:
        """Of every page, with whatever of the course it can name; of other objects the crawl comes to some."""
        values = self._values()
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            names = sorted(rule.arguments - set(rule.defaults or ()))
            chosen = [values.get(f"{rule.endpoint} {name}") or values.get(name, []) for name in names]
            for given in product(*chosen):
                yield self._built(rule, dict(zip(names, given, strict=True)))

    def _built(self, rule: Rule, given: dict[str, Any]) -> str:
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, {**(rule.defaults or {}), **given})

    def _values(self) -> dict[str, list[Any]]:
        with self.app.app_context():
            evidence = db.session.scalars(select(CaseFile).where(CaseFile.case_id == self.done.case_id)).all()
            stored = {each for row in evidence for each in (row.file_id, row.copy_file_id, row.cleared_file_id) if each}
            of_complaint = list(db.session.scalars(select(ComplaintFile.id)))
            agency = db.session.get_one(Agency, self.agency_id)

            def newest(model: Any) -> list[int]:
                return [int(db.session.scalar(select(func.max(model.id))) or 0)]

            return {
                "complaint_id": [self.done.complaint_id, self.done.referred_id],
                "case_id": [self.done.case_id],
                "inquiry_id": [self.done.inquiry_id],
                "proceeding_id": [self.done.proceeding_id],
                "evidence_id": [row.id for row in evidence],
                "file_id": sorted(stored),
                "complaint_desk.file_page file_id": of_complaint,
                "complaint_desk.file_download file_id": of_complaint,
                "service_id": newest(Service),
                "point_id": newest(Point),
                "conclusion_id": newest(Conclusion),
                "non_adoption_id": newest(NonAdoption),
                "question_id": [1],
                "notice_id": self.notices[-3:],
                "mail_id": list(db.session.scalars(select(Mail.id).where(Mail.kind == MailKind.VISITOR))),
                "agency_id": [agency.id],
                "credit_code": [agency.credit_code],
                "page": [1],
            }


@pytest.fixture(scope="module")
def left(sqlite_stage: Stage) -> Iterator[Left]:
    """The course, in a world in which every page has its object; all log output of it is kept."""
    with sqlite_stage.app.app_context():
        db.session.remove()
        db.engine.dispose()
    sqlite_stage.reset()
    world, stream = worlds.create(sqlite_stage.app), StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with redirect_stderr(stream):
            yield _gone(world, stream)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        world.leave()


def _gone(world: World, stream: StringIO) -> Left:
    make = Make(world.app)
    with world.app.app_context():
        agency = db.session.get_one(Agency, world.things["agency_id"])
        before = int(db.session.scalar(select(func.max(Notice.id))) or 0)
        db.session.expunge_all()
    people = People.of(make, agency)
    viewers: dict[str, User | None] = {
        "visitor": None, "applicant": world.users["applicant"], "admin": world.users["admin"],
        "other_bureau": make.officer("municipal", bureau="siping"),
    }  # fmt: skip
    viewers |= {name: getattr(people, name) for name in (*OTHERS, *READERS) if hasattr(people, name)}
    with world.app.app_context(), transaction() as session:
        for user in session.scalars(select(User)):  # everybody is mailed
            user.email, user.email_confirmed_at = f"{user.username}@desk.example.org", clock.now()
    done = Course(make, agency, people, PLANTED).run()
    with world.app.app_context():
        expanding.make_mails()
        notices = list(db.session.scalars(select(Notice.id).where(Notice.id > before)))
        db.session.remove()
    return Left(world, people, done, agency.id, viewers, stream.getvalue(), notices)


@dataclass
class Search:
    """Looks at answers for words that may not be there."""

    allowed: Callable[[str, str], bool] = lambda url, word: False
    found: list[tuple[str, str]] = field(default_factory=list)
    searchable: set[str] = field(default_factory=set)
    seen: int = 0

    def look(self, url: str, answer: TestResponse) -> None:
        said = answer.data + str(answer.headers).encode()
        self.found += [(url, word) for word in sorted(words_in(said)) if not self.allowed(url, word)]
        self.seen += answer.status_code == 200
        if answer.mimetype == "text/html" and 'name="q"' in answer.text:
            self.searchable.add(url.partition("?")[0])


def looked_around(left: Left, who: str, search: Search, *, follows: bool = True) -> FlaskClient:
    client = left.client(who)
    if follows:
        Crawl(left.app, client, who, of_each=1, look=search.look).run()
    for address in left.addresses():
        with client.get(address) as answer:
            search.look(address, answer)
    return client


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_comes_upon_a_word_of_it(left: Left, who: str) -> None:
    search = Search()
    client = looked_around(left, who, search)
    assert search.seen > 20  # it did look at pages
    assert search.found == []
    for url in search.searchable:  # and looking for it finds as much as looking for nothing
        nothing = paths_of(client, url, NEVER_SAID)
        for word in (PLANTED.name, PLANTED.phone, PLANTED.facts, PLANTED.email):
            assert paths_of(client, url, word) == nothing, f"{url} finds {word}"


def paths_of(client: FlaskClient, url: str, word: str) -> list[str]:
    """Where the links of a list lead that was searched; the word itself may stand in their queries."""
    return re.findall(r'href="([^"?#]+)', client.get(url, query_string={"q": word}).text)


@pytest.mark.parametrize("who", READERS)
def test_who_has_it_in_hand_reads_it_there_alone_and_who_it_was_on_no_page(left: Left, who: str) -> None:
    own, case = f"{DESK}/{left.done.complaint_id}", f"{CASES}/{left.done.case_id}"

    def allowed(url: str, word: str) -> bool:
        if word == "author":  # the files as they came, which are saved for a reason
            return url.startswith((f"{own}/files/", case)) and not url.endswith("/1")
        return word not in TRAITS and url.partition("?")[0].startswith(own)

    search = Search(allowed)
    looked_around(left, who, search, follows=who == "handler")
    assert search.found == []


def test_what_is_kept_is_nowhere_in_clear(left: Left) -> None:
    kept = [left.world.file.parent, Path(left.app.extensions["settings"].instance)]
    files = {path for folder in kept for path in folder.rglob("*") if path.is_file()}
    assert any(path.name.endswith("-wal") for path in files)  # what was written last may stand there alone
    assert len([path for path in files if "files" in path.parts]) > 5
    assert [
        (path.name, words) for path in sorted(files) if (words := words_in(path.read_bytes() + path.name.encode()))
    ] == []


def test_mails_hold_no_word_and_only_the_reporters_own_go_to_the_reporter(left: Left) -> None:
    with left.app.app_context():
        mails = db.session.scalars(select(Mail)).all()
        sent = [(mail, message.on_the_wire(mail, "desk@example.org")) for mail in mails if mail.address]
    own = [content for mail, content in sent if mail.address == PLANTED.email]
    assert len(own) > 3  # the codes, and that there is something new
    assert len(sent) > len(own)
    for mail, content in sent:
        mime = message_from_bytes(content, policy=policy.default)
        body = mime.get_body()
        assert body is not None
        said = f"{mime['Subject']}{body.get_content()}"
        if mail.address == PLANTED.email:
            assert (mail.kind, mime["To"]) == (MailKind.VISITOR, PLANTED.email)
            assert words_in(said.encode()) == set()
            assert left.done.number not in said
            assert "举报" not in said
        else:
            assert words_in(content + said.encode()) == set()


def test_neither_the_log_of_the_server_nor_any_table_holds_a_word(left: Left) -> None:
    assert words_in(left.log.encode()) == set()
    assert tables_that_hold_words(left.app) == {}


@pytest.mark.parametrize("stage", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_no_table_on_postgresql_holds_a_word(app: Flask, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    agency = make.filing("filed").agency
    with caplog.at_level(logging.INFO):
        Course(make, agency, People.of(make, agency), PLANTED).run()
    with app.app_context():
        expanding.make_mails()
    assert tables_that_hold_words(app) == {}
    assert words_in(caplog.text.encode()) == set()


def tables_that_hold_words(app: Flask) -> dict[str, set[str]]:
    """As they lie in the database, sealed what is sealed."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in inspect(db.engine).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - the name is the database's own
            found[table] = words_in("\n".join(str(value) for row in rows for value in row).encode())
    return {table: words for table, words in found.items() if words}


def test_the_search_finds_a_word_in_every_spelling() -> None:
    for name, word in PLANTED.words.items():
        book = BytesIO()
        with ZipFile(book, "w") as archive:
            archive.writestr("xl/sharedStrings.xml", f"<t>{word}</t>")
        coded = base64.b64encode(f"前文{word}后文。".encode())
        for content in (
            word.encode(),
            word.encode("utf-16-le"),
            word.encode("gbk"),
            quote(word).encode(),
            book.getvalue(),
            coded,
        ):
            assert name in words_in(content)
