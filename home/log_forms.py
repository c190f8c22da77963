"""The filter over the log; it stands in the address bar."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from core.forms import DayField, Form, SelectChoice
from home import log_words
from home.log_queries import LogFilter

ALL = SelectChoice("", "全部")


class LogFilterForm(Form):
    actor = StringField("操作人（用户名）", description="system 为系统自动")
    action = SelectField("操作")
    kind = SelectField("对象")
    since = DayField("起", [Optional()], description="2026-01-01", render_kw={"type": "text"})
    until = DayField("止", [Optional()], description="2026-12-31", render_kw={"type": "text"})

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], *, actions: Sequence[str], kinds: Sequence[str]) -> None:
        super().__init__(asked)
        self.action.choices = [ALL, *(SelectChoice(code, log_words.action(code)) for code in actions)]
        self.kind.choices = [ALL, *(SelectChoice(code, log_words.kind(code)) for code in kinds)]
        for field in (self.action, self.kind):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""

    def wanted(self) -> LogFilter:
        return LogFilter(
            action=self.action.data or "",
            kind=self.kind.data or "",
            actor=(self.actor.data or "").lower(),
            since=self.since.data,
            until=self.until.data,
        )

    def shown(self) -> dict[str, str]:
        """What the links of the list carry along."""
        wanted = self.wanted()
        words = {"actor": wanted.actor, "action": wanted.action, "kind": wanted.kind}
        days = {"since": wanted.since, "until": wanted.until}
        return {name: word for name, word in words.items() if word} | {
            name: day.isoformat() for name, day in days.items() if day
        }
