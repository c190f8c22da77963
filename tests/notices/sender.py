"""A process that sends what waits: python -m tests.notices.sender INSTANCE DATABASE PORT."""

import sys
from dataclasses import replace
from pathlib import Path

from app import create_app
from notices.mailing import expanding, sending
from tests.conftest import settings_for
from tests.notices import mail_server


def main() -> None:
    instance, database, port = sys.argv[1:]
    app = create_app(replace(settings_for(Path(instance), database), mail=mail_server.at(int(port))))
    with app.app_context():
        expanding.make_mails()
        sys.stdout.write(f"{sending.send_waiting()}\n")


if __name__ == "__main__":
    main()
