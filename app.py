"""create_app(): the one place where the packages meet."""

import gc
import hashlib
import logging
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request, session
from flask_login import current_user
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import accounts.colleagues
import accounts.commands
import accounts.desk
import accounts.views
import agency.commands
import agency.desk
import agency.jobs
import agency.views
import applicants.commands
import applicants.desk
import applicants.jobs
import applicants.views
import complaints.desk
import complaints.jobs
import complaints.models
import complaints.opening
import complaints.uploads
import complaints.views
import core.commands
import evaluations.commands
import evaluations.commissioned
import evaluations.desk
import evaluations.jobs
import evaluations.screening.commands
import evaluations.views
import filing.desk
import filing.jobs
import filing.models
import filing.views
import home.admin
import home.commands
import home.navigation
import home.objects
import home.views
import notices.desk
import notices.jobs
import notices.preferences
import notices.views
import public.views
import sanctions.desk
import sanctions.jobs
import sanctions.models
import sanctions.views
import scheduling.commands
import scheduling.upkeep
import scheduling.views
import summaries.desk
import summaries.jobs
import summaries.models
import summaries.views
import supervision.desk
import supervision.desk.folders
import supervision.jobs
import supervision.models
import supervision.views
from accounts.signin import login_manager, watch_session
from core import audit, settings
from core.crypto import Keyring
from core.db import LARGEST_INTEGER, db
from core.files import FileStore, PageCache
from core.presentation import present
from core.settings import Settings
from evaluations.screener import Screener
from notices.sms import GATEWAYS
from scheduling.jobs import Job, Pulse
from supervision.folder_screener import FolderScreener
from supervision.policies import may_screen_folders
from supervision.rules import MOST_BYTES

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",  # digits spoken aloud for who can't see the riddle of the public form
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

BLUEPRINTS = (
    public.views.blueprint,
    accounts.views.blueprint,
    home.views.blueprint,
    notices.views.blueprint,
    agency.views.blueprint,
    agency.desk.blueprint,
    filing.views.blueprint,
    filing.desk.blueprint,
    applicants.views.blueprint,
    applicants.desk.blueprint,
    evaluations.views.blueprint,
    evaluations.desk.blueprint,
    evaluations.commissioned.blueprint,
    supervision.desk.blueprint,
    supervision.views.blueprint,
    sanctions.views.blueprint,
    sanctions.desk.blueprint,
    complaints.views.blueprint,
    complaints.desk.blueprint,
    scheduling.views.blueprint,
    summaries.views.blueprint,
    summaries.desk.blueprint,
)
COMMANDS = (
    accounts.commands.group,
    agency.commands.agencies,
    agency.commands.roster_commands,
    applicants.commands.group,
    core.commands.audit_group,
    evaluations.commands.group,
    evaluations.screening.commands.group,
    home.commands.demo,
    scheduling.commands.jobs_group,
    scheduling.commands.scheduler_group,
)

JOBS: tuple[Job | Pulse, ...] = (  # what runs by the clock, in the order of a day
    *agency.jobs.JOBS,
    *filing.jobs.JOBS,
    *applicants.jobs.JOBS,
    *evaluations.jobs.JOBS,
    *supervision.jobs.JOBS,
    *sanctions.jobs.JOBS,
    *complaints.jobs.JOBS,
    *notices.jobs.JOBS,
    *summaries.jobs.JOBS,
    *scheduling.upkeep.JOBS,
)


class RowNumber(IntegerConverter):
    """A number in an address: what no row can have is no page, instead of a question the database refuses."""

    def __init__(self, map: Map, **bounds: Any) -> None:
        super().__init__(map, **({"max": LARGEST_INTEGER} | bounds))


def create_app(given: Settings | None = None) -> Flask:
    """Make the application. Without settings they are read from the environment; raises Misconfigured."""
    chosen = given or settings.from_environment()
    app = Flask(__name__)
    app.config.from_mapping(chosen.flask_config())
    app.extensions["settings"] = chosen
    if chosen.sms_gateway and chosen.sms_gateway not in GATEWAYS:
        raise settings.Misconfigured(f"SMS_GATEWAY must be one of: {', '.join(GATEWAYS)}")
    _prepare_storage(app, chosen)
    db.init_app(app)
    Migrate(app, db, directory=str(settings.ROOT / "migrations"))
    login_manager.init_app(app)
    app.before_request(_make_room)
    CSRFProtect(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    present(app)
    app.context_processor(home.navigation.frame)
    app.extensions["locate"] = home.objects.url_of
    app.extensions["evaluations_of"] = evaluations.desk.listing.of_applicant
    app.extensions["waits_for"] = home.navigation.waits_for
    app.extensions["discretion"] = complaints.opening.require_discreet_in
    app.extensions["jobs"] = JOBS
    app.extensions["screener"] = Screener(app)
    app.extensions["folder_screener"] = FolderScreener(app)
    app.url_map.converters["int"] = RowNumber
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    _register_hooks(app, chosen)
    _register_errors(app)
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    gc.freeze()  # what start-up loaded stays: a request with thousands of rows need not walk it again and again
    return app


def _make_room() -> None:
    """Some addresses take large requests, from those who may use them; the forms' own check reads the request next."""
    if request.endpoint in complaints.views.LARGE and request.method == "POST":
        request.max_content_length = complaints.uploads.MOST_BYTES + 4 * 1024 * 1024
    if request.endpoint == supervision.desk.folders.LARGE and request.method == "POST":
        user = current_user._get_current_object()
        if user.is_authenticated and may_screen_folders(user, None):
            request.max_content_length = MOST_BYTES + 1024 * 1024


def _prepare_storage(app: Flask, chosen: Settings) -> None:
    chosen.instance.mkdir(parents=True, exist_ok=True)
    keyring = Keyring.from_secret(chosen.secret)
    app.extensions["keyring"] = keyring
    app.extensions["files"] = FileStore(chosen.instance / "files", keyring)
    app.extensions["pages"] = PageCache(chosen.instance / "pages", keyring)


def _register_hooks(app: Flask, chosen: Settings) -> None:
    @app.before_request
    def note_origin() -> None:
        audit.set_origin(request.remote_addr or "unknown")

    app.before_request(watch_session)

    @app.after_request
    def add_headers(response):  # type: ignore[no-untyped-def]
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not chosen.demonstration:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if session.accessed and request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.url_defaults
    def stamp_static(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static" and "filename" in values:
            values["v"] = _stamp(Path(app.static_folder or "") / values["filename"])


@cache
def _stamp(path: Path) -> str:
    """The content's hash: static files may then be kept by browsers for a year."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def _register_errors(app: Flask) -> None:
    pages = {400, 403, 404, 409, 413, 429}

    @app.errorhandler(HTTPException)
    def show_error(error: HTTPException):  # type: ignore[no-untyped-def]
        code = error.code or 500
        if code < 400 or isinstance(error, BadHost):  # our page has links, which take a host to make
            return error
        shown = code if code in pages else 404 if code == 405 else 400
        return render_template(f"errors/{shown}.html"), code

    @app.errorhandler(Exception)
    def show_failure(error: Exception):  # type: ignore[no-untyped-def]
        if app.testing or app.debug:
            raise error
        logging.getLogger(__name__).exception("unexpected failure")
        db.session.rollback()
        return app.jinja_env.get_template("errors/500.html").render(), 500  # no context: the database may be down
