"""Run by test_race.py in a process of its own: decides one proceeding as soon as it is told to."""

import os
import sys
from pathlib import Path

from accounts.models import User
from app import create_app
from core import clock
from core.db import db
from core.errors import DomainError
from sanctions.entries import DecisionEntry
from sanctions.models import Measure
from sanctions.services import deciding
from tests.conftest import settings_for


def main() -> None:
    instance, url, row_id, user_id, document = sys.argv[1:]
    app = create_app(settings_for(Path(instance), url))
    with app.app_context():
        user = db.session.get_one(User, int(user_id))
        print("ready", flush=True)
        sys.stdin.readline()
        entry = DecisionEntry(Measure.CIRCULAR, "事实清楚", document, clock.today())
        try:
            deciding.decide(int(row_id), entry, version=1, by=user)
        except DomainError as refusal:
            print(type(refusal).__name__, flush=True)
        else:
            print("decided", flush=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # without waiting for what the application keeps running
