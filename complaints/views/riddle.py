"""The riddle's picture and its sound, for the form that it was posed to."""

from flask import abort, make_response
from flask.typing import ResponseReturnValue

from complaints import riddles
from complaints.queries.following import open_riddle
from complaints.views.routing import blueprint
from core.db import db
from core.guards import open_to_all


@blueprint.get("/riddle/<riddle_token>.png")
@open_to_all("the form shows it to whoever fills it in")
def riddle_picture(riddle_token: str) -> ResponseReturnValue:
    return _served(riddle_token, "image/png")


@blueprint.get("/riddle/<riddle_token>.wav")
@open_to_all("the form plays it to whoever fills it in")
def riddle_sound(riddle_token: str) -> ResponseReturnValue:
    return _served(riddle_token, "audio/wav")


def _served(riddle_token: str, kind: str) -> ResponseReturnValue:
    answer = open_riddle(db.session(), riddle_token)
    if answer is None:
        abort(404)
    made = riddles.picture(answer) if kind == "image/png" else riddles.sound(answer)
    response = make_response(made)
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = "no-store"
    return response
