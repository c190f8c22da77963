"""Posing the riddle of a form, and taking its answer: each is used once."""

import secrets

from complaints import guarding, receipts, riddles
from complaints.guarding import Kind
from complaints.models import Riddle
from core import clock
from core.db import transaction
from core.errors import DomainError


class WrongAnswer(DomainError):
    """Not what was shown; the next try is at another one."""


def pose(token: str, *, address: str) -> str:
    """A new riddle for a form: what its picture and its sound are asked for by. Raises TooMany."""
    with transaction() as session:
        guarding.count(session, Kind.RIDDLE, address)
        riddle = Riddle(
            token=secrets.token_urlsafe(24),
            form=receipts.form_key(token),
            answer=riddles.new_answer(),
            made_at=clock.now(),
        )
        session.add(riddle)
        session.flush()
        return riddle.token


def answer(token: str, riddle_token: str, typed: str) -> None:
    """回答验证题: from now on this form may be sent. Raises WrongAnswer, and then this riddle is used up."""
    form, instant = receipts.form_key(token), clock.now()
    with transaction() as session:
        if guarding.has_passed(session, form):
            return
        riddle = session.get(Riddle, riddle_token[:64], with_for_update=True, populate_existing=True)
        asked = riddle is not None and riddle.form == form and riddle.used_at is None
        if riddle is not None and asked:
            riddle.used_at = instant
            riddle.passed = (
                secrets.compare_digest(riddle.answer, receipts.plain(typed)[:64])
                and instant - riddle.made_at < guarding.RIDDLE_VALID
            )
            if riddle.passed:
                return
    raise WrongAnswer("验证题的回答不正确或已过时，请回答新的一题。", field="riddle_answer")
