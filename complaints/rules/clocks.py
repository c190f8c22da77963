"""The terms of a complaint (reading 19): none is Jilin's own, each is a parameter that says what it follows (参照).

Counted as the Civil Code counts (第二百零一条至第二百零三条): the day of the event is not counted, a last day on which
nobody works moves to the next working day, and the term ends at 24:00 in Shanghai. While the reporter is asked the
clock stands: the days from the asking to the answer are added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaints.models import State
from core.clock import day_of, end_of
from core.labels import Labelled
from core.law import Jurisdiction, implements
from core.workdays import Calendar, Term, add_working_days

NEAR = 3  # days before its end from which a term is warned of

Span = tuple[datetime, datetime | None]  # a pause: since, until (None: it still stands)


class Stage(Labelled):
    """Which term runs."""

    ACCEPT = "accept", "受理期限"
    CONCLUDE = "conclude", "核实期限"
    REPLY = "reply", "答复期限"
    REVIEW = "review", "复核期限"


class Pace(Labelled):
    """How a clock stands, as a word."""

    RUNNING = "running", "期限内"
    NEAR = "near", "即将到期"
    OVERDUE = "overdue", "已超期"
    PAUSED = "paused", "暂停计时"


STAGES = {
    State.RECEIVED: Stage.ACCEPT,
    State.ASSIGNED: Stage.ACCEPT,
    State.ACCEPTED: Stage.CONCLUDE,
    State.CONCLUDED: Stage.REPLY,
    State.REVIEWING: Stage.REVIEW,
}
PARAMETERS = {
    Stage.ACCEPT: "complaint_accept_days",
    Stage.CONCLUDE: "complaint_conclude_days",
    Stage.REPLY: "complaint_reply_workdays",
    Stage.REVIEW: "complaint_review_decision_days",
}


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What a clock is reckoned from; `began` is when the running term began: received, accepted, concluded, asked."""

    stage: Stage
    began: datetime
    extended_days: int = 0
    pauses: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A running term: its last day, how many are left (below zero: over), and what it rests on.

    `provisional`: the last day depends on days off that no notice has settled yet. While `paused` the last day moves
    with the days, so that what is left stays.
    """

    stage: Stage
    due: date
    provisional: bool
    paused: bool
    days_left: int
    paused_days: int  # that were added to the term so far
    basis: str  # 参照 …

    @property
    def pace(self) -> Pace:
        if self.paused:
            return Pace.PAUSED
        if self.days_left < 0:
            return Pace.OVERDUE
        return Pace.NEAR if self.days_left <= NEAR else Pace.RUNNING


@implements("JL-24-2")
def clock_of(facts: ClockFacts, *, now: datetime, calendar: Calendar, law: Jurisdiction) -> Clock:
    """第二十四条（受理的举报及时核实）: the term that runs, at an instant.

    It is over at `end_of(clock.due)`: in that second itself nothing is in time any more.
    """
    began, today = day_of(facts.began), day_of(now)
    parameter = law.parameter(PARAMETERS[facts.stage], on=max(began, law.in_force_since))
    days = int(parameter.value) + facts.extended_days
    if facts.stage is Stage.REPLY:
        return _clock(facts.stage, add_working_days(began, days, calendar), 0, today, parameter.basis, paused=False)
    last, added = began + timedelta(days=days), 0
    for start, end in _days_of(facts.pauses, since=began, today=today):
        if start > _working(last, calendar).day:
            break  # it was over when the reporter was asked: no asking brings it back
        last, added = last + (end - start), added + (end - start).days
    paused = any(until is None and day_of(since) <= _working(last, calendar).day for since, until in facts.pauses)
    return _clock(facts.stage, _working(last, calendar), added, today, parameter.basis, paused=paused)


def _clock(stage: Stage, term: Term, added: int, today: date, basis: str, *, paused: bool) -> Clock:
    return Clock(
        stage=stage,
        due=term.day,
        provisional=term.provisional,
        paused=paused,
        days_left=(term.day - today).days,
        paused_days=added,
        basis=basis,
    )


def _working(day: date, calendar: Calendar) -> Term:
    """The day itself, or the next working day after it."""
    return add_working_days(day, 0, calendar)


def _days_of(pauses: Iterable[Span], *, since: date, today: date) -> Sequence[tuple[date, date]]:
    """Pauses in whole days, joined where they overlap: the day of the asking is not counted, that of the answer is."""
    spans = sorted((max(since, day_of(start)), today if end is None else day_of(end)) for start, end in pauses)
    joined: list[tuple[date, date]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif end > start:
            joined.append((start, end))
    return joined


@implements("JL-24-2")
def was_in_time(clock: Clock, at: datetime) -> bool:
    """第二十四条（及时）: whether something done at an instant was done within the term."""
    return clock.paused or at < end_of(clock.due)


@implements("JL-24-2")
def answer_due(asked: datetime, *, calendar: Calendar, law: Jurisdiction) -> date:
    """第二十四条: until when the reporter may answer a question; it is over at 24:00 of that day."""
    return _after(asked, "complaint_supplement_days", calendar, law)


@implements("JL-24-2")
def review_due(replied: datetime, *, calendar: Calendar, law: Jurisdiction) -> date:
    """第二十四条: until when a review of the reply may be asked for; it is over at 24:00 of that day."""
    return _after(replied, "complaint_review_days", calendar, law)


@implements("JL-24-2")
def referral_due(received: datetime, *, calendar: Calendar, law: Jurisdiction) -> Term:
    """第二十四条: until when what another body is competent for is handed over to it."""
    began = day_of(received)
    days = law.number("complaint_referral_workdays", on=max(began, law.in_force_since))
    return add_working_days(began, days, calendar)


def _after(instant: datetime, name: str, calendar: Calendar, law: Jurisdiction) -> date:
    began = day_of(instant)
    days = law.number(name, on=max(began, law.in_force_since))
    return _working(began + timedelta(days=days), calendar).day


def basis_of(name: str, began: datetime, *, law: Jurisdiction) -> str:
    """What a term follows: 参照 …"""
    return law.parameter(name, on=max(day_of(began), law.in_force_since)).basis


def is_over(due: date, *, now: datetime) -> bool:
    """Whether a term has run out: from 24:00 Shanghai of its last day on."""
    return now >= end_of(due)
