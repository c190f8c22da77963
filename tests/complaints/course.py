"""A report's whole course on the pages: sent, verified, answered by the agency, decided, replied to, reviewed.

What the reporter gives away is `Planted`: each word of it stands nowhere else. Officers write with words of their own.
"""

import re
from dataclasses import dataclass, fields
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency
from complaints.models import Complaint, Question
from core import clock
from core.db import db
from notices.models import Mail
from sanctions.models import Point, Service
from supervision.models import CaseFile, Inquiry
from tests.complaints import filling
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.uploads import CATALOGUE, page, page_tree, pdf

DESK, CASES, MEASURES = "/desk/complaints", "/desk/supervision/cases", "/desk/sanctions"
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
ARTIST, CAMERA = 315, 271  # tags of Exif


@dataclass(frozen=True)
class Planted:
    """Who reported and in which words: `name` to `file` give a person away, the rest is what they said."""

    name: str = "欧阳墨尘"
    contact: str = "闻人阿满"
    phone: str = "13897531468"
    email: str = "mochen@planted-mail.example.org"
    address: str = "听蝉巷九十七号后院"
    relation: str = "其内弟的旧日棋友"
    file: str = "墨尘亲手拍的木匣"
    author: str = "InkDustAuthor"  # in the picture and in the PDF
    facts: str = "紫檀匣里的第三本蓝皮流水账"
    happened: str = "去年霜降前两日"
    answer: str = "埋在石榴树下的铁皮箱"
    added: str = "灶王像背后的收条"
    withdrawal: str = "舅公劝我莫再追究"
    objection: str = "当铺伙计还记得那枚图章"
    call: str = "接电话时有鹦鹉学舌"

    @property
    def words(self) -> dict[str, str]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def picture(self) -> bytes:
        exif, out = Image.Exif(), BytesIO()
        exif[ARTIST], exif[CAMERA] = self.author, self.author
        Image.effect_noise((60, 40), 80).save(out, "JPEG", exif=exif)
        return out.getvalue()

    def paper(self) -> bytes:
        said = f"<</Author({self.author})>>".encode()
        return pdf(CATALOGUE, page_tree(1), page(), said, trailer=b"/Info 4 0 R")


@dataclass(frozen=True)
class People:
    assigner: User
    handler: User
    lawyer: User
    decider: User
    reviewer: User  # of the reply
    chief: User  # assigns in the bureau
    clerk: User  # to whom the bureau gives what it was handed
    agent: User  # of the agency

    @classmethod
    def of(cls, make: Make, agency: Agency) -> "People":
        bureau = "changchun"
        return cls(
            make.officer("approver"), make.officer("reviewer"), make.officer("reviewer"), make.officer("approver"),
            make.officer("reviewer"), make.officer("municipal", bureau=bureau),
            make.officer("municipal", bureau=bureau), make.user_of(agency),
        )  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What came of it: the ids of what pages are asked for."""

    complaint_id: int
    number: str
    secret: str
    case_id: int
    inquiry_id: int
    proceeding_id: int
    referred_id: int  # another report, which went to a bureau and back


@dataclass(frozen=True)
class Course:
    make: Make
    agency: Agency
    people: People
    planted: Planted

    def run(self) -> Done:
        reporter, number, secret = self._sent("192.0.2.7")
        referred_id = self._handed_to_a_bureau_and_back()
        complaint_id = self._id(number)
        handler = self.client(self.people.handler)
        self._taken_in_hand(complaint_id, handler, reporter)
        case_id = self._accepted(complaint_id, handler)
        inquiry_id = self._verified(case_id, handler)
        proceeding_id = self._sanctioned(case_id, handler)
        self._replied(complaint_id, handler, reporter)
        return Done(complaint_id, number, secret, case_id, inquiry_id, proceeding_id, referred_id)

    def client(self, user: User) -> FlaskClient:
        client = self.make.app.test_client()
        answer = client.post("/accounts/login", data={"username": user.username, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    # ── the reporter ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _sent(self, place: str, **typed: Any) -> tuple[FlaskClient, str, str]:
        client, said = self.make.app.test_client(), self.planted
        token = filling.opened(client)
        filling.post(client, token, "code", email=said.email, place=place)
        typed = {
            "name": said.name, "contact": said.contact, "phone": said.phone, "email": said.email,
            "code": self._code(), "address": said.address, "relation": said.relation, "happened": said.happened,
            "facts": f"他们的数据记在{said.facts}里，与报告对不上。", "target_name": self.agency.name,
            "files": [(said.picture(), f"{said.file}.jpg"), (said.paper(), f"{said.file}.pdf")],
        } | typed  # fmt: skip
        number, secret = filling.receipt_of(client, filling.post(client, token, place=place, **typed))
        assert filling.enter(client, number, secret).status_code == 303
        return client, number, secret

    def _code(self) -> str:
        with self.make.app.app_context():
            text = db.session.scalars(select(Mail.text).order_by(Mail.id.desc())).first() or ""
        return text.partition("验证码是 ")[2][:6]

    # ── the desk ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _handed_to_a_bureau_and_back(self) -> int:
        """Somebody of the bureau reads it; then it is the province's again, and the reporter takes it back."""
        reporter, number, _ = self._sent("198.51.100.7", target_name="某某环境咨询有限公司")
        complaint_id = self._id(number)
        url = f"{DESK}/{complaint_id}"
        chief, clerk = self.client(self.people.chief), self.client(self.people.clerk)
        press(self.client(self.people.assigner), f"{url}/refer", bureau="changchun", reason="请核实")
        press(chief, f"{url}/assign", account_id=self.people.clerk.id)
        press(clerk, f"{url}/declare", declared="y")
        press(clerk, f"{url}/call", result="confirmed", note=self.planted.call)
        assert self.planted.facts in clerk.get(url).text
        press(clerk, f"{url}/refer", bureau="province", reason="请省厅办理")
        press(reporter, "/complaints/follow/withdraw", text=self.planted.withdrawal)
        return complaint_id

    def _taken_in_hand(self, complaint_id: int, handler: FlaskClient, reporter: FlaskClient) -> None:
        url = f"{DESK}/{complaint_id}"
        press(self.client(self.people.assigner), f"{url}/assign", account_id=self.people.handler.id)
        press(handler, f"{url}/declare", declared="y")
        shown = handler.post(f"{url}/reporter", data={"purpose": "call"}).text
        assert self.planted.name in shown
        assert self.planted.phone in shown
        press(handler, f"{url}/call", result="confirmed", note=self.planted.call)
        press(handler, f"{url}/ask", text="请说明账单所在")
        question_id = self._newest(Question, Question.complaint_id == complaint_id)
        file = (BytesIO(self.planted.paper() + b"%%1\n"), f"{self.planted.file}.pdf")
        press(reporter, f"/complaints/follow/questions/{question_id}", text=self.planted.answer, files=file)
        press(reporter, "/complaints/follow/add", text=self.planted.added)

    def _accepted(self, complaint_id: int, handler: FlaskClient) -> int:
        press(handler, f"{DESK}/{complaint_id}/accept", facts="核对报告所列用电量是否属实。")
        with self.make.app.app_context():
            return db.session.get_one(Complaint, complaint_id).case_id or 0

    def _verified(self, case_id: int, handler: FlaskClient) -> int:
        url = f"{CASES}/{case_id}"
        cleared = []
        for evidence_id in self._all(CaseFile, CaseFile.case_id == case_id):
            copy = f"{url}/evidence/{evidence_id}/copy"
            press(handler, copy, pages="1")
            press(handler, f"{url}/evidence/{evidence_id}/clear", at=copy)
            cleared.append(str(evidence_id))
        party, due = f"a:{self.agency.id}", str(clock.today() + timedelta(days=10))
        press(
            handler, f"{url}/inquiries/new",
            party=party, text="请说明用电量的出处。", due=due, evidence=cleared, looked_over="y",
        )  # fmt: skip
        inquiry_id = self._newest(Inquiry, Inquiry.case_id == case_id)
        asked, agent = f"/matters/inquiries/{inquiry_id}", self.client(self.people.agent)
        press(agent, f"{asked}/open", at=asked)
        press(agent, f"{asked}/answer", at=asked, text="出自企业。")
        press(
            handler, f"{url}/on-site",
            first="甲某", second="乙某", day=str(clock.today()), place="企业变电所", seen="与账单不符。",
        )  # fmt: skip
        press(
            handler, f"{url}/points/new",
            party=party, misconduct="falsified", result="substantiated", clause="JL-22-3", facts="用电量与账单不符。",
            evidence="账单",
        )  # fmt: skip
        press(handler, f"{url}/conclude")
        return inquiry_id

    def _sanctioned(self, case_id: int, handler: FlaskClient) -> int:
        files = [str(each) for each in self._all(CaseFile, CaseFile.case_id == case_id)]
        found = press(
            handler, f"{MEASURES}/cases/{case_id}/propose",
            measure="non_adoption", facts="用电量与账单不符。", evidence="账单", files=files,
        )  # fmt: skip
        proceeding_id = int(found.rpartition("/")[2])
        url, own, today = f"{MEASURES}/{proceeding_id}", f"/matters/proceedings/{proceeding_id}", str(clock.today())
        agent, decider = self.client(self.people.agent), self.client(self.people.decider)
        lawyer = self.client(self.people.lawyer)
        press(handler, f"{url}/notice/send", channel="in_person", served_on=today)
        press(agent, f"{own}/services/{self._newest(Service)}/open", at=f"{own}/statement")
        press(agent, f"{own}/statement", text="数据出自企业。")
        press(handler, f"{url}/points/{self._newest(Point)}/answer", accepted="no", answer="经核不成立。")
        press(handler, f"{url}/answers/send")
        press(lawyer, f"{url}/legal-review", text="同意。")
        press(
            decider, f"{url}/decide",
            measure="non_adoption", reasons="事实清楚。", document="测决〔2026〕901号", dated=today, first_day=today,
        )  # fmt: skip
        press(handler, f"{url}/decision/send", channel="in_person", served_on=today)
        press(decider, f"{url}/publish", text="经查，予以通报。")
        return proceeding_id

    def _replied(self, complaint_id: int, handler: FlaskClient, reporter: FlaskClient) -> None:
        """And reviewed: by somebody who had no part in it."""
        url = f"{DESK}/{complaint_id}"
        press(handler, f"{url}/conclude")
        press(handler, f"{url}/reply", text="经核实，属实，已作出决定。")
        assert "属实，已作出决定" in reporter.get("/complaints/follow/complaint").text
        press(reporter, "/complaints/follow/review", text=self.planted.objection)
        press(
            self.client(self.people.decider), f"{url}/assign-review", account_id=self.people.reviewer.id
        )  # fmt: skip
        reviewer = self.client(self.people.reviewer)
        press(reviewer, f"{url}/declare", declared="y")
        assert self.planted.objection in reviewer.get(url).text
        press(reviewer, f"{url}/uphold", text="维持原答复。")

    # ── what is there ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _id(self, number: str) -> int:
        with self.make.app.app_context():
            return db.session.scalars(select(Complaint.id).filter_by(number=number)).one()

    def _all(self, model: Any, *wanted: Any) -> list[int]:
        with self.make.app.app_context():
            return list(db.session.scalars(select(model.id).where(*wanted).order_by(model.id)))

    def _newest(self, model: Any, *wanted: Any) -> int:
        return self._all(model, *wanted)[-1]


def press(client: FlaskClient, url: str, *, at: str = "", **typed: Any) -> str:
    """Open the page of an act (`at` where its form stands elsewhere), fill in and press; where it leads."""
    page = client.get(at or url)
    assert page.status_code == 200, f"{at or url} answers {page.status_code}"
    version = VERSION.search(page.text)
    data = ({"version": version[1]} if version else {}) | typed
    answer = filling.closed(client.post(url, data=data, content_type="multipart/form-data", buffered=True))
    refused = answer.text.partition("error-summary")[2].partition("</div>")[0]
    assert answer.status_code in (302, 303), f"{url} answers {answer.status_code}: {refused}"
    return answer.location
