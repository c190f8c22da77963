"""Workers of a race: processes of their own, each with its own application on the same database."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from flask import Flask

from accounts.models import User
from agency import places
from agency.entries import RepresentativeEntry
from agency.models import Agency
from agency.services import particulars
from app import create_app
from core.db import db, transaction
from core.errors import DomainError
from evaluations.entries import RegistrationEntry
from evaluations.models import Evaluation
from evaluations.rules.gate import Hindrance
from evaluations.services import deciding, registering
from supervision.entries import RecordEntry
from supervision.services import recording
from tests.conftest import settings_for
from tests.factories.evaluations import AGREEMENT
from tests.factories.places import bare_evaluation

PATIENCE = 120  # seconds until everybody is at the start
Result = tuple[str, str]  # the kind of the refusal ("" where it was done), and its words

_app: Flask
_barrier: Barrier


def _arrive(instance: str, url: str, barrier: Barrier) -> None:
    global _app, _barrier
    _app, _barrier = create_app(settings_for(Path(instance), url)), barrier
    _app.extensions["screener"].patience = None


def race(app: Flask, act: Callable[[Any], None], shares: Sequence[Sequence[Any]]) -> list[list[Result]]:
    """Let a process for each share begin at the same moment, and do `act` with each part of its share in turn.

    Refusals are results; anything else that is raised comes out here.
    """
    context = multiprocessing.get_context("forkserver")  # imports once, and then starts each process anew
    context.set_forkserver_preload([__name__])
    instance = str(Path(app.config["AUDIT_CHECKPOINTS"]).parent)  # files and checkpoints are shared too
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    barrier = context.Barrier(len(shares))
    with ProcessPoolExecutor(len(shares), context, _arrive, (instance, url, barrier)) as pool:
        return [each.result() for each in [pool.submit(_run, act, share) for share in shares]]


def _run(act: Callable[[Any], None], share: Sequence[Any]) -> list[Result]:
    with _app.app_context():
        db.session.connection()  # what a process loads once is loaded
        db.session.remove()
        _barrier.wait(PATIENCE)
    return [_tried(act, part) for part in share]


def _tried(act: Callable[[Any], None], part: Any) -> Result:
    with _app.app_context():
        try:
            act(part)
        except DomainError as refusal:
            return type(refusal).__name__, refusal.message
        finally:
            db.session.remove()
    return "", ""


def register(part: tuple[RegistrationEntry, int]) -> None:
    """The whole use-case, as an agency's user runs it."""
    entry, user_id = part
    user = db.session.get_one(User, user_id)
    db.session.expunge(user)
    registering.register(entry, AGREEMENT, by=user)


def register_or_record(part: tuple[RegistrationEntry, int, bool]) -> None:
    """The whole use-case of an agency's user, or of an officer who records what it could not have registered."""
    entry, user_id, is_recorded = part
    if not is_recorded:
        register((entry, user_id))
        return
    user = db.session.get_one(User, user_id)
    db.session.expunge(user)
    shown = frozenset({Hindrance.NOT_FILED.value})
    recording.record(RecordEntry(entry, "督查", "现场", shown), None, by=user)


def screen(part: tuple[int]) -> None:
    """Whoever takes it up first; the others find nothing to do."""
    _app.extensions["screener"].run(part[0])


def place(part: tuple[int, int]) -> None:
    """An officer gives an evaluation over the cap the places that are free."""
    evaluation_id, user_id = part
    version = db.session.get_one(Evaluation, evaluation_id).version
    user = db.session.get_one(User, user_id)
    db.session.expunge_all()
    deciding.place(evaluation_id, version=version, reason="名额已空出", by=user)


def take(part: tuple[tuple[int, ...], Any]) -> None:
    """Nothing but the places, without the gate before them."""
    agency_ids, day = part
    with transaction() as session:
        evaluation = bare_evaluation(
            session, *agency_ids, begun_on=day, label=str(multiprocessing.current_process().pid)
        )
        places.take(session, evaluation.id, agency_ids, counted_on=day)


def take_or_correct(part: tuple[Any, ...]) -> None:
    """Take places, or put right who represents an agency: then its evaluations move to another person."""
    if isinstance(part[0], tuple):
        take((part[0], part[1]))
        return
    agency_id, entry, user_id = part
    assert isinstance(entry, RepresentativeEntry)
    user = db.session.get_one(User, user_id)
    version = db.session.get_one(Agency, agency_id).version
    db.session.expunge_all()
    particulars.correct_representative(agency_id, entry, version=version, by=user)
