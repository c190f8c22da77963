"""Which applicant an entry of a published list means: by its code, or else by exactly its name.

Codes are looked at before names, in the whole file, so that the order of rows and lists does not matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicants.models import Applicant, ApplicantFormerName, Origin
from core.identifiers import CreditCode, IdentifierError
from core.names import key_of
from evaluations.published.reading import PublishedRow


@dataclass(eq=False)
class Body:
    """An applicant that is there, or that the file makes. `learnt`: a code that it had not before."""

    id: int | None
    code: str | None
    origin: Origin
    name: str
    learnt: bool = False
    rows: list[PublishedRow] = field(default_factory=list)
    known_as: set[str] = field(default_factory=set)

    @property
    def new_names(self) -> list[str]:
        """The spellings in the file that it was not called before, in their order."""
        return [name for name in dict.fromkeys(row.name for row in self.rows) if name not in self.known_as]


def bodies_of(session: Session, rows: Sequence[PublishedRow]) -> list[Body]:
    """The body of each row, with its rows; those without a code after those with one."""
    directory = _Directory(session)
    found: dict[int, Body] = {}
    coded = [(row, code) for row in rows if (code := usable(row.code))]
    for row, code in coded:
        body = directory.with_code(code, row.name)
        body.rows.append(row)
        found[id(body)] = body
    with_code = {row.row for row, _ in coded}
    for row in rows:
        if row.row not in with_code:
            body = directory.with_name(row.name)
            body.rows.append(row)
            found[id(body)] = body
    return list(found.values())


def usable(text: str | None) -> str | None:
    """A code by which a body can be found; with a wrong check character too: there are such in real life."""
    try:
        return str(CreditCode.parse(text or "", overrule_check=True))
    except IdentifierError:
        return None


class _Directory:
    """The bodies there are, by code and by any name they have or had."""

    def __init__(self, session: Session) -> None:
        self._by_code: dict[str, Body] = {}
        self._by_name: defaultdict[str, list[Body]] = defaultdict(list)
        by_id: dict[int, Body] = {}
        columns = (Applicant.id, Applicant.credit_code, Applicant.origin, Applicant.name)
        for id_, code, origin, name in session.execute(select(*columns).order_by(Applicant.id)):
            by_id[id_] = body = Body(id_, code, origin, name)
            self._note(body, [name])
            body.known_as.add(name)
        former = select(ApplicantFormerName.applicant_id, ApplicantFormerName.name).order_by(ApplicantFormerName.id)
        for id_, name in session.execute(former):
            self._note(by_id[id_], [name])
            by_id[id_].known_as.add(name)

    def _note(self, body: Body, names: Iterable[str]) -> None:
        if body.code:
            self._by_code[body.code] = body
        for name in names:
            same = self._by_name[key_of(name)]
            if body not in same:
                same.append(body)

    def with_code(self, code: str, name: str) -> Body:
        """The one with the code; else the one that an earlier list knows by this name only; else a new one."""
        body = self._by_code.get(code)
        if body is None:
            same = self._by_name.get(key_of(name), [])
            nameless = [each for each in same if each.code is None and each.origin is Origin.HISTORY]
            if len(nameless) == len(same) == 1:
                body = nameless[0]
                body.code, body.learnt = code, True
            else:
                body = Body(None, code, Origin.HISTORY, name)
        self._note(body, [name])
        return body

    def with_name(self, name: str) -> Body:
        """The only one with a code that has the name; else the one without a code; names of two don't tell."""
        same = self._by_name.get(key_of(name), [])
        coded = [body for body in same if body.code]
        uncoded = [body for body in same if body.code is None]
        body = coded[0] if len(coded) == 1 else uncoded[0] if uncoded else Body(None, None, Origin.HISTORY, name)
        self._note(body, [name])
        return body
