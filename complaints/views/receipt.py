"""The receipt: number and secret, shown to whoever just sent the form, and to nobody afterwards."""

from typing import cast

import segno
from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from complaints.views import slip
from complaints.views.routing import blueprint
from core import law
from core.guards import open_to_all
from core.settings import Settings


@blueprint.get("/receipt")
@open_to_all("whoever just sent a report; the browser carries what is shown, sealed")
def receipt() -> ResponseReturnValue:
    found = slip.handed()
    if found is None:
        flash("回执只在提交后显示一次。请输入回执上的编号和查询码查看办理情况。", "warning")
        return redirect(url_for(".follow"))
    settings = cast(Settings, current_app.extensions["settings"])
    address = f"{settings.public_url}{url_for('.follow')}"
    picture = segno.make(address, error="m").svg_inline(scale=3, border=2, omitsize=False)
    return render_template(
        "complaints/receipt.html",
        receipt=found,
        address=address,
        qr=Markup(picture),  # noqa: S704 - made by segno of an address of our own
        law=law.jurisdiction(),
    )


@blueprint.post("/receipt/done")
@open_to_all("puts away what this browser carries")
def put_receipt_away() -> ResponseReturnValue:
    slip.put_away()
    flash("回执已从这台设备上清除。凭编号和查询码可以随时查看办理情况。")
    return redirect(url_for(".about"))
