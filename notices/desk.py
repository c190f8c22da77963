"""发件箱: what became of each mail, and sending one again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import policies as of_accounts
from accounts.signin import signed_in
from core.db import db
from core.errors import DomainError
from core.guards import guard
from notices import policies
from notices.forms import OutboxFilterForm, SendAgainForm
from notices.mailing import queries
from notices.mailing.message import settings
from notices.models import Mail, MailKind
from notices.services import resending
from notices.views import blueprint


@blueprint.get("/outbox")
@guard(policies.may_see_outbox)
def outbox() -> ResponseReturnValue:
    form = OutboxFilterForm(request.args)
    shown = queries.outbox(
        db.session(), state=form.state.data or "", kind=form.kind.data or "", cursor=request.args.get("cursor")
    )
    return render_template(
        "notices/outbox.html", form=form, shown=shown, sends=settings().mail is not None, down=queries.is_down
    )


@blueprint.get("/outbox/<int:mail_id>")
@guard(policies.may_see_outbox, load=queries.mail_seen_by)
def mail(mail: Mail) -> ResponseReturnValue:
    return _page(mail, SendAgainForm(version=mail.version))


@blueprint.post("/outbox/<int:mail_id>/send-again")
@guard(of_accounts.is_admin, load=queries.mail_seen_by)
def send_again(mail: Mail) -> ResponseReturnValue:
    form = SendAgainForm()
    if form.submitted():
        try:
            resending.send_again(mail.id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已排队，将再次发送。")
            return redirect(url_for("notices.mail", mail_id=mail.id))
    return _page(mail, form)


def _page(mail: Mail, form: SendAgainForm) -> ResponseReturnValue:
    page = render_template(
        "notices/mail.html",
        mail=mail,
        form=form,
        again=mail.state in resending.AGAIN and mail.text is not None,
        sends=resending.is_sent(mail.kind),
        manages=of_accounts.is_admin(signed_in(), mail),
        text=mail.text if policies.reads_mail(signed_in()) and mail.kind is not MailKind.VISITOR else None,
    )
    return page, form.status
