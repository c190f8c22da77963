"""批量核查: a folder of files in, a table out; whatever is among the files."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from core.db import db
from evaluations.entries import Upload
from evaluations.rules.states import ScreeningState
from home.demonstration.paper import printed_agreement, typed_agreement, unlettered_sheet
from supervision import jobs, rules
from supervision.models import ScreenedFile, ScreenedFolder
from supervision.naming import is_left_lying, path_of
from supervision.services import folders
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
FOLDERS = "/desk/supervision/folders"
BET = "第二条　甲方未入选绿色工厂名单的，乙方退还全部评价费。"
LAWFUL = "第二条　评价费用于交付报告之日付清，与评价结果无关。"


def typed(*clauses: str) -> bytes:
    return typed_agreement("评价协议", ("第一条　甲方委托乙方开展评价。", *clauses))


def bomb() -> bytes:
    """A .docx whose text unpacks to far more than anybody writes."""
    out = BytesIO()
    with ZipFile(out, "w", compression=8) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", b"<w>" + b"0" * 300_000_000 + b"</w>")
    return out.getvalue()


def entity() -> bytes:
    """A .docx that asks for a file of the machine."""
    out = BytesIO()
    with ZipFile(BytesIO(typed(LAWFUL))) as sound, ZipFile(out, "w") as packed:
        for name in sound.namelist():
            content = sound.read(name)
            if name == "word/document.xml":
                content = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
            packed.writestr(name, content)
    return out.getvalue()


HOSTILE = {
    "空.docx": b"",
    "截断.pdf": printed_agreement("协议", (LAWFUL,))[:300],
    "程序.docx": b"MZ" + bytes(2000),
    "旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "表.xlsx": b"PK\x03\x04" + bytes(300),
    "炸弹.docx": bomb(),
    "引用.docx": entity(),
    "空白.pdf": unlettered_sheet(),
}


def chosen(files: dict[str, bytes]) -> dict[str, Any]:
    return {"files": [(BytesIO(content), name) for name, content in files.items()]}


def rows(app: Flask) -> list[ScreenedFile]:
    with app.app_context():
        found = list(db.session.scalars(select(ScreenedFile).order_by(ScreenedFile.position)))
        db.session.expunge_all()
        return found


def drop(app: Flask, by: User, files: dict[str, bytes], title: str = "抽查") -> int:
    with app.app_context():
        return folders.drop(title, [Upload(content, name) for name, content in files.items()], by=by)


def test_files_go_in_and_a_table_comes_out(app: Flask, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    files = {"对赌.docx": typed(BET), "合规.pdf": printed_agreement("评价协议", (LAWFUL,)), "旧.doc": HOSTILE["旧.doc"]}
    answer = desk.post(FOLDERS, data=chosen(files) | {"title": "双随机抽查"})
    assert answer.status_code == 302
    page = desk.get(answer.location).text
    places = [page.index(told) for told in ("标出 1 处", "另存为 .docx", "未标出条款")]
    assert places == sorted(places)
    assert "双随机抽查" in desk.get(FOLDERS).text
    (bet,) = (row for row in rows(app) if row.marks)
    shown = desk.get(f"{FOLDERS}/files/{bet.id}").text
    assert "甲方委托乙方开展评价" in shown
    assert "对赌协议" in shown
    only = desk.get(f"{FOLDERS}/files/{bet.id}?only=1").text
    assert "甲方委托乙方开展评价" not in only
    assert "<mark>" in only
    book = openpyxl.load_workbook(BytesIO(desk.get(f"{answer.location}/export.xlsx").data)).active
    told = {row[0]: row[1:] for row in book.iter_rows(min_row=2, values_only=True)}
    assert set(told) == set(files)
    assert "对赌协议" in told["对赌.docx"]


def test_bad_files_are_rows_with_a_sentence_and_fail_nobody(app: Flask, make: Make) -> None:
    drop(app, make.officer("reviewer"), HOSTILE | {"对赌.docx": typed(BET)})
    found = {row.name: row for row in rows(app)}
    assert (found["对赌.docx"].state, found["对赌.docx"].marks) == (ScreeningState.DONE, 1)
    for name in HOSTILE:
        assert found[name].state is ScreeningState.UNREADABLE, name
        assert found[name].refusal.endswith("。"), name
    assert all(row.is_finished for row in found.values())


def test_nothing_that_was_uploaded_stays(app: Flask, make: Make) -> None:
    officer, folder = make.officer("reviewer"), Path(app.extensions["settings"].instance) / "files"

    def files() -> set[Path]:
        return {path for path in folder.rglob("*") if path.is_file()}

    before = files()
    drop(app, officer, {"对赌.docx": typed(BET), "截断.pdf": HOSTILE["截断.pdf"]})
    assert {row.digest for row in rows(app)} == {None}
    assert files() == before


def test_what_is_dropped_is_sealed(app: Flask, make: Make) -> None:
    drop(app, make.officer("reviewer"), {"张三的协议.docx": typed(BET)})
    with app.app_context():
        kept = db.session.connection().exec_driver_sql("SELECT name, content, found FROM screened_file").one()
        assert not any("张三" in str(value) or "退还".encode() in bytes(value) for value in kept)
        labels = db.session.scalars(select(AuditEntry.object_label)).all()
    assert not any("张三" in (label or "") for label in labels)


def test_a_file_is_taken_up_once_and_again_when_its_process_died(app: Flask, make: Make) -> None:
    screener = app.extensions["folder_screener"]
    screener.in_background, screener.take_up = True, lambda: None
    try:
        drop(app, make.officer("reviewer"), {"对赌.docx": typed(BET)})
    finally:
        screener.in_background = False
        del screener.take_up
    (row,) = rows(app)
    with app.app_context():
        held = folders.claim(row.id)
        assert held is not None
        assert folders.claim(row.id) is None
        with clock.frozen(clock.now() + folders.LEASE + timedelta(seconds=1)):
            again = folders.claim(row.id)
            assert again is not None
            with pytest.raises(folders.ClaimLost):
                folders.give_up(held, "迟了")
            folders.give_up(again, "读不了。")
    (row,) = rows(app)
    assert (row.refusal, row.digest) == ("读不了。", None)


def test_a_file_that_is_still_being_read_stays_with_who_reads_it_and_none_waits_for_a_clock_set_back(
    app: Flask, make: Make
) -> None:
    screener = app.extensions["folder_screener"]
    screener.take_up = lambda: None
    try:
        drop(app, make.officer("reviewer"), {"对赌.docx": typed(BET)})
    finally:
        del screener.take_up
    (row,), begun, minute = rows(app), clock.now(), timedelta(minutes=1)
    with app.app_context():
        held = folders.claim(row.id)
        assert held is not None
        with clock.frozen(begun + folders.LEASE - minute):
            folders.renew(held)
        with clock.frozen(begun + folders.LEASE + minute):
            assert folders.claim(row.id) is None
        with clock.frozen(begun - timedelta(days=366)):  # it had stood a year ahead
            assert folders.claim(row.id) is not None
        with pytest.raises(folders.ClaimLost):
            folders.renew(held)


def test_what_waits_is_screened_by_the_pulse(app: Flask, make: Make) -> None:
    screener = app.extensions["folder_screener"]
    screener.take_up = lambda: None
    try:
        drop(app, make.officer("reviewer"), {"对赌.docx": typed(BET), "合规.docx": typed(LAWFUL)})
    finally:
        del screener.take_up
    assert {row.state for row in rows(app)} == {ScreeningState.WAITING}
    with app.app_context():
        assert jobs.screen_folders() == 2
        assert jobs.screen_folders() == 0
    assert [row.marks for row in rows(app)] == [1, 0]


def test_progress_is_told(app: Flask, make: Make, sign_in: SignIn) -> None:
    officer = make.officer("reviewer")
    folder_id = drop(app, officer, {"对赌.docx": typed(BET), "空.docx": b""})
    told = sign_in(officer).get(f"{FOLDERS}/{folder_id}/progress").json
    assert told == {"finished": True, "done": 2, "of": 2, "words": "已核查 2 份，共 2 份"}


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_too_many_files_are_refused_whole(app: Flask, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    files = {f"{number}.docx": b"x" for number in range(rules.MOST_FILES + 1)}
    answer = desk.post(FOLDERS, data=chosen(files))
    assert answer.status_code == 422
    assert "一次最多放入 200 份文件，您选了 201 份" in answer.text
    assert rows(app) == []
    del files["0.docx"]
    assert desk.post(FOLDERS, data=chosen(files)).status_code == 302
    assert len(rows(app)) == rules.MOST_FILES


def test_nothing_chosen_is_refused(make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    assert desk.post(FOLDERS, data={"title": "空"}).status_code == 422
    left = {".DS_Store": b"x", "合同/Thumbs.db": b"x", "~$协议.docx": b"x"}
    assert desk.post(FOLDERS, data=chosen(left)).status_code == 422


def test_a_large_request_is_taken_here_and_only_from_the_desk(app: Flask, make: Make, sign_in: SignIn) -> None:
    """More than any other page takes, in several files."""
    content = b"%PDF-1.4" + bytes(12 * 1024 * 1024)
    files = [FileStorage(BytesIO(content), f"{number}.pdf") for number in range(2)]
    boundary, body = encode_multipart({"files": files, "csrf_token": "none"})
    sending: dict[str, Any] = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    desk, bureau = sign_in(make.officer("reviewer")), sign_in(make.officer("municipal", bureau="tonghua"))
    app.config["WTF_CSRF_ENABLED"] = True  # as it is in service: the form is read before the view is asked
    try:
        assert desk.post(FOLDERS, **sending).status_code == 400  # read, and without a token

        assert bureau.post(FOLDERS, **sending).status_code == 413
        assert desk.post("/desk/supervision/agreements/1/dismissals", **sending).status_code == 413
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert desk.post(FOLDERS, **sending).status_code == 302


def test_a_file_that_is_too_large_is_a_row_with_a_sentence(app: Flask, make: Make) -> None:
    drop(app, make.officer("reviewer"), {"大.pdf": b"%PDF-1.4" + bytes(20 * 1024 * 1024), "小.docx": typed(LAWFUL)})
    large, small = rows(app)
    assert "超过 20 MB" in large.refusal
    assert small.state is ScreeningState.DONE


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("合同/2026/协议.docx", "合同/2026/协议.docx"),
        ("..\\..\\etc/passwd", "etc/passwd"),
        ("\u202e\u200b协议\x00.docx", "协议.docx"),
        ("///", "未命名"),
        ("长" * 300, "…" + "长" * 199),
    ],
)
def test_a_files_name_is_fit_to_be_shown(given: str, shown: str) -> None:
    assert path_of(given) == shown
    assert not is_left_lying(given)


# ── whose it is, and for how long ─────────────────────────────────────────────────────────────────────────────────────


def test_the_desk_sees_it_and_only_who_dropped_it_deletes_it(app: Flask, make: Make, sign_in: SignIn) -> None:
    owner, other = make.officer("reviewer"), make.officer("approver")
    url = f"{FOLDERS}/{drop(app, owner, {'对赌.docx': typed(BET)})}"
    assert sign_in(other).get(url).status_code == 200
    assert sign_in(other).post(f"{url}/remove").status_code == 403
    bureau = sign_in(make.officer("municipal", bureau="tonghua"))
    assert bureau.get(url).status_code == 403
    assert sign_in(owner).post(f"{url}/remove").location == FOLDERS
    assert rows(app) == []
    assert sign_in(owner).get(url).status_code == 404


def test_it_goes_after_thirty_days_and_not_before(app: Flask, make: Make) -> None:
    officer = make.officer("reviewer")
    drop(app, officer, {"对赌.docx": typed(BET)})
    today = clock.today()
    with app.app_context():
        assert jobs.remove_old(today + timedelta(days=29)) == "没有到期的批量核查。"
        assert len(rows(app)) == 1
        assert jobs.remove_old(today + timedelta(days=30)) == "删除到期的批量核查 1 批。"
        assert jobs.remove_old(today + timedelta(days=30)) == "没有到期的批量核查。"
        assert db.session.scalar(select(func.count()).select_from(ScreenedFolder)) == 0
    assert rows(app) == []


def test_the_table_asks_as_much_of_many_files_as_of_few(
    app: Flask, make: Make, sign_in: SignIn, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    officer = make.officer("reviewer")
    desk = sign_in(officer)
    few, many = (drop(app, officer, {f"{number}.docx": b"" for number in range(count)}) for count in (1, 30))
    counts = set()
    for folder_id in (few, many):
        with count_queries() as queries:
            assert desk.get(f"{FOLDERS}/{folder_id}").status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1


def kept(app: Flask) -> list[Path]:
    """The files that the store holds."""
    folder = Path(app.config["AUDIT_CHECKPOINTS"]).parent / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_not_dropped_leaves_no_file_behind(app: Flask, make: Make) -> None:
    officer, before = make.officer("reviewer"), kept(app)
    sound = [Upload(typed(LAWFUL), f"{number}.docx") for number in range(2)]

    def broken_off() -> Iterator[Upload]:
        yield from sound
        assert len(kept(app)) == len(before) + 2
        raise ConnectionError("the line is gone")

    with app.app_context(), pytest.raises(ConnectionError):
        folders.drop("断线", broken_off(), by=officer)
    assert kept(app) == before
