"""What an agency asks of its list: it stands in the address bar."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SearchField, SelectField

from applicants.models import Kind
from core.forms import Form, SelectChoice
from core.labels import Labelled
from evaluations.queries.listing import Wanted
from evaluations.rules.states import Level, State

ALL = SelectChoice("", "全部")


def _choices(kinds: Iterable[Labelled]) -> list[SelectChoice]:
    return [ALL, *(SelectChoice(kind.value, kind.label) for kind in kinds)]


class OwnFilter(Form):
    """The filter over an agency's evaluations; `years`: in which it has some."""

    word = SearchField("培育对象或评价编号", name="q", description="名称或代码中的几个字")
    year = SelectField("申报年度", choices=[ALL])
    level = SelectField("级别", choices=_choices(Level))
    kind = SelectField("类别", choices=_choices(Kind))
    state = SelectField("状态", choices=_choices(State))

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], years: Iterable[int]) -> None:
        super().__init__(asked)
        self.year.choices = [ALL, *(SelectChoice(str(year), f"{year} 年") for year in years)]
        for field in (self.year, self.level, self.kind, self.state):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""

    def wanted(self, agency_id: int) -> Wanted:
        return Wanted(
            word=self.word.data or "",
            agency_id=agency_id,
            year=int(self.year.data) if self.year.data else None,
            level=next((each for each in Level if each == self.level.data), None),
            kind=next((each for each in Kind if each == self.kind.data), None),
            state=next((each for each in State if each == self.state.data), None),
        )

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}


class ApplicantSearch(Form):
    """Whom an agency wants to evaluate."""

    word = SearchField("名称、曾用名或统一社会信用代码", name="q", description="可只输其中几个字")

    class Meta(Form.Meta):
        csrf = False  # it changes nothing
