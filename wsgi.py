"""What a server serves: `gunicorn wsgi:app`. Where the settings say so it also schedules (docs/operations.md)."""

from app import create_app
from scheduling import inside

app = create_app()
inside.start(app)
