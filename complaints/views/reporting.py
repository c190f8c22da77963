"""举报: what is told beforehand, and the form. Whatever was typed stays, whichever button was pressed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from complaints import parties, receipts
from complaints.forms.public import ComplaintForm
from complaints.guarding import RiddleDue, TooMany
from complaints.parties import Party
from complaints.queries import following as queries
from complaints.services import keeping, proving, receiving, riddling
from complaints.uploads import MOST_BYTES, MOST_FILES, NotTaken
from complaints.views import slip
from complaints.views.routing import address, blueprint, sent
from core.db import db
from core.errors import DomainError
from core.guards import open_to_all

REMOVE = re.compile(r"remove:([0-9]{1,9})")
SHORTEST_TOKEN = 40
NONE = "none"  # of those that were found
NOT_CHOSEN = "请选择要举报的是哪一个；都不是的，请选最后一项"
NOT_KEPT = "这次选的文件还没有收下，请答对验证题的同时重新选择。"


@blueprint.get("")
@open_to_all("what may be reported, and what happens then, is everybody's business")
def about() -> ResponseReturnValue:
    return render_template("complaints/about.html")


@blueprint.route("/new", methods=["GET", "POST"])
@open_to_all("anyone may report, without an account (第二十四条)")
def new() -> ResponseReturnValue:
    form = ComplaintForm()
    if form.is_submitted():
        return Posted(form).answer()
    form.token.data = receipts.new_token()
    party = parties.of_agency(db.session(), request.args.get("agency", ""))
    if party is not None:
        form.target_name.data, form.party.data = party.name, party.key
    return page(form, [party] if party else [])


@blueprint.post("/parties")
@open_to_all("who may be reported is public: filed agencies and units on a published list")
def find_parties() -> ResponseReturnValue:
    """What the form shows under the name while it is typed: asked for by POST, so that no address holds it."""
    form = ComplaintForm()
    found = parties.find(db.session(), form.target_name.data or "")
    form.offer(found)
    return render_template("complaints/parties.html", form=form, found=found, asked=bool(form.target_name.data))


class Posted:
    """A form that came in: its files are kept, then the button that was pressed is obeyed."""

    def __init__(self, form: ComplaintForm) -> None:
        self.form = form
        self.do = request.form.get("do", "send")
        self.found: list[Party] = []
        self.shown_code: str | None = None
        self.riddle_due = False
        if len(form.token.data or "") < SHORTEST_TOKEN:  # not one of ours
            form.token.data = receipts.new_token()
        self.token = form.token.data or ""

    def answer(self) -> ResponseReturnValue:
        form = self.form
        if self.do == "send":
            form.submitted()
        for act in (self._take_riddle, self._keep_files, self._obey, self._judge_choice):
            with self._refusals():
                act()
        if self.do == "send" and not form.errors:
            with self._refusals():
                return self._send()
        self._offer()
        form.riddle.data = ""
        if self.riddle_due or self.do == "riddle" or form.riddle_answer.errors:
            with self._refusals():
                form.riddle.data = riddling.pose(self.token, address=address())
        form.riddle_answer.data, form.riddle_answer.raw_data = "", None
        return page(form, self.found, code=self.shown_code, do=self.do)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except RiddleDue as refusal:
            if not self.riddle_due:
                self.form.refuse(refusal)
            self.riddle_due = True
        except DomainError as refusal:
            self.form.refuse(refusal)
            if isinstance(refusal, TooMany):
                self.form.status = 429

    def _take_riddle(self) -> None:
        if self.form.riddle.data and self.form.riddle_answer.data and self.do != "riddle":
            riddling.answer(self.token, self.form.riddle.data, self.form.riddle_answer.data)

    def _keep_files(self) -> None:
        files = sent()
        try:
            if files and not self.form.riddle_answer.errors:
                keeping.keep(self.token, files, address=address())
                return
        except RiddleDue as refusal:
            self.form.refuse(NotTaken(NOT_KEPT, field="files"))
            raise refusal from None
        if files:
            raise NotTaken(NOT_KEPT, field="files")

    def _obey(self) -> None:
        form = self.form
        if self.do == "find":
            self.found = parties.find(db.session(), form.target_name.data or "")
        elif self.do == "code":
            self.shown_code = proving.send_code(self.token, form.email.data or "", address=address())
        elif (removed := REMOVE.fullmatch(self.do)) is not None:
            keeping.remove(self.token, int(removed[1]))
        if form.code.data and form.email.data and self.do != "code":
            proving.confirm(self.token, form.email.data, form.code.data)

    def _judge_choice(self) -> None:
        """Who was shown several that may be meant says which: a wrong nobody can't be verified."""
        form = self.form
        if self.do != "send" or "offered" not in request.form or form.party.data or not form.target_name.data:
            return
        if parties.named(db.session(), form.target_name.data) is None:
            self.found = parties.find(db.session(), form.target_name.data)
            if self.found:
                raise NotTaken(NOT_CHOSEN, field="party")

    def _send(self) -> ResponseReturnValue:
        chosen = parties.by_key(db.session(), self.form.party.data or "")
        chosen = chosen or parties.named(db.session(), self.form.target_name.data or "")
        receipt = receiving.receive(self.form.entry(chosen), token=self.token, address=address())
        slip.hand_over(receipt)
        return redirect(url_for(".receipt"), 303)

    def _offer(self) -> None:
        """What was chosen stays to be seen, and goes where something else is looked for."""
        chosen = parties.by_key(db.session(), self.form.party.data or "")
        if chosen is None:
            self.form.party.data = NONE if self.form.party.data == NONE else ""
        elif chosen.key not in {party.key for party in self.found} and self.do != "find":
            self.found = [chosen, *self.found]


def page(form: ComplaintForm, found: Sequence[Party], *, code: str | None = None, do: str = "") -> tuple[str, int]:
    key = receipts.form_key(form.token.data or "")
    form.offer(found)
    kept = queries.kept_files(db.session(), key)
    shown = render_template(
        "complaints/new.html",
        form=form,
        found=found,
        asked=do == "find",
        kept=kept,
        kept_bytes=sum(each.size for each in kept),
        most_files=MOST_FILES,
        most_bytes=MOST_BYTES,
        proof=queries.proof_of(db.session(), key, form.email.data or ""),
        can_mail=proving.can_mail(),
        shown_code=code,
        do=do,
    )
    return shown, form.status
