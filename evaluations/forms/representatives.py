"""What is asked of the list of those near the cap: it stands in the address bar."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SearchField, SelectField

from core.forms import Form, SelectChoice

EVERYBODY = "1"


class HolderFilter(Form):
    """A year, how many at least, and a part of an agency's name."""

    word = SearchField("机构名称", name="q", description="可只输其中几个字")
    year = SelectField("年份")
    least = SelectField("已用名额")

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], years: Iterable[int], *, near: int, this_year: int) -> None:
        super().__init__(asked)
        chosen = sorted({*years, this_year}, reverse=True)
        self.year.choices = [SelectChoice(str(year), f"{year} 年") for year in chosen]
        self.least.choices = [SelectChoice("", f"{near} 项及以上"), SelectChoice(EVERYBODY, "全部")]
        if not self.year.validate(self):
            self.year.data = str(this_year)
        if not self.least.validate(self):
            self.least.data = ""
        self.near = near

    @property
    def chosen_year(self) -> int:
        return int(self.year.data)

    @property
    def at_least(self) -> int:
        return int(self.least.data or self.near)

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}
