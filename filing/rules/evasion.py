"""Article 22 (3): who files under another name. What a filing has in common with an agency that is not adopted.

The article bars the agency, and is silent about its successors: nothing here refuses anybody. What matches is shown to
an officer with dates and weight, and the officer decides, with a reason (decision 22).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agency.rules.judging import digest
from core.errors import DomainError
from core.labels import Labelled
from core.law import Jurisdiction, implements
from core.traces import Address

HALF = 2


class MatchKind(Labelled):
    REPRESENTATIVE = "representative", "法定代表人"
    CROSSED = "crossed", "法定代表人在另一方任职"
    STAFF = "staff", "人员"
    ADDRESS = "address", "地址"
    PHONE = "phone", "电话"


class Weight(Labelled):
    """How much a match says; the order is that of the members."""

    WEAK = "weak", "弱"
    FAIR = "fair", "较强"
    STRONG = "strong", "强"


class Answer(Labelled):
    """What an officer decides."""

    NO_EVASION = "no_evasion", "不构成规避"
    EVASION = "evasion", "构成规避"


class MatchUndecided(DomainError):
    """What matches a barred agency is decided by an officer before the filing goes on."""


class Evaded(DomainError):
    """An officer found that the filing stands for a barred agency: it is not approved."""


class NoSuchMatch(DomainError):
    """The facts have changed since the page was shown, or somebody else decided."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings: days before the first day that still count, and from how many persons on staff weighs most."""

    lookback_days: int
    recent_days: int
    strong_staff: int

    @classmethod
    def of(cls, law: Jurisdiction, *, on: date) -> "Terms":
        return cls(
            law.number("evasion_lookback_days", on=on),
            law.number("evasion_recent_days", on=on),
            law.number("evasion_strong_staff", on=on),
        )


@dataclass(frozen=True, slots=True)
class Presence:
    """A person at an agency, from when to when; None: not told, or still there."""

    identity: str
    name: str
    since: date | None
    until: date | None
    counts: bool = False  # among the specialists of 第二十条（三）


@dataclass(frozen=True, slots=True)
class Place:
    """An address and whose it is: 住所, 办公场所."""

    what: str
    text: str
    read: Address


@dataclass(frozen=True, slots=True)
class Phone:
    what: str
    mark: str  # keyed hash


@dataclass(frozen=True, slots=True)
class Body:
    """What is compared of an agency: the one that files as handed in, the barred one with its past."""

    representatives: tuple[Presence, ...]
    staff: tuple[Presence, ...]
    places: tuple[Place, ...]
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Barred:
    """An agency with a period of non-adoption that runs or is to come."""

    agency_id: int
    name: str
    periods: tuple[tuple[date, date, str], ...]  # first day, last day, document
    body: Body

    @property
    def first_day(self) -> date:
        return min(first for first, _, _ in self.periods)


@dataclass(frozen=True, slots=True)
class Match:
    """One thing that the two have in common: `here` at who files, `there` at the barred agency."""

    kind: MatchKind
    weight: Weight
    what: str  # 姓名 or 地址, as an officer reads it; a phone is not repeated
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """All that one filing has in common with one barred agency; a decision holds while `basis` stays the same."""

    barred: Barred
    matches: tuple[Match, ...]
    basis: str

    @property
    def kinds(self) -> tuple[MatchKind, ...]:
        return tuple(kind for kind in MatchKind if any(match.kind is kind for match in self.matches))

    @property
    def weight(self) -> Weight:
        """The heaviest; several kinds that weigh fairly make a strong case together."""
        heaviest = max((match.weight for match in self.matches), key=list(Weight).index)
        fair = {match.kind for match in self.matches if match.weight is Weight.FAIR}
        return Weight.STRONG if heaviest is Weight.FAIR and len(fair) > 1 else heaviest

    @property
    def persons(self) -> int:
        """How many of the staff are shared."""
        return sum(match.kind is MatchKind.STAFF for match in self.matches)

    @property
    def summary(self) -> str:
        """法定代表人、人员（3 名）、地址: in general words, without a name."""
        return "、".join(
            f"{kind.label}（{self.persons} 名）" if kind is MatchKind.STAFF else kind.label for kind in self.kinds
        )


@implements("JL-22-3")
def likenesses(filing: Body, barred: Sequence[Barred], terms: Terms) -> tuple[Likeness, ...]:
    """第二十二条第三款: what a filing has in common with agencies that are not adopted, the heaviest first.

    The text bars an agency and says nothing of a new one of the same people: a match warns, a person decides.
    """
    found = []
    for each in barred:
        matches = (
            *_representatives(filing, each, terms),
            *_crossed(filing, each, terms),
            *_staff(filing, each, terms),
            *_places(filing, each),
            *_phones(filing, each),
        )
        if matches:
            found.append(Likeness(each, matches, _basis(each, matches, filing)))
    return tuple(sorted(found, key=lambda each: (-list(Weight).index(each.weight), each.barred.agency_id)))


def _representatives(filing: Body, barred: Barred, terms: Terms) -> Iterator[Match]:
    for here in filing.representatives:
        for there in _lately(barred.body.representatives, here, barred, terms):
            weight = Weight.STRONG if _until_recently(there, barred, terms) else Weight.FAIR
            yield Match(
                MatchKind.REPRESENTATIVE, weight, here.name, _span("任法定代表人", here), _span("任法定代表人", there)
            )


def _crossed(filing: Body, barred: Barred, terms: Terms) -> Iterator[Match]:
    """The representative of the one on the staff of the other."""
    pairs = (
        (filing.representatives, barred.body.staff, "任法定代表人", "在人员名单"),
        (filing.staff, barred.body.representatives, "在人员名单", "任法定代表人"),
    )
    for ours, theirs, as_here, as_there in pairs:
        for here in ours:
            for there in _lately(theirs, here, barred, terms):
                weight = Weight.FAIR if _until_recently(there, barred, terms) else Weight.WEAK
                yield Match(MatchKind.CROSSED, weight, here.name, _span(as_here, here), _span(as_there, there))


def _staff(filing: Body, barred: Barred, terms: Terms) -> Iterator[Match]:
    """Who is on both rosters. Several who count under 第二十条（三）, or half of those who do, weigh most."""
    shared = [(here, there) for here in filing.staff for there in _lately(barred.body.staff, here, barred, terms)]
    key = {here.identity for here, there in shared if here.counts and _until_recently(there, barred, terms)}
    counted = {each.identity for each in filing.staff if each.counts}
    many = len(key) >= terms.strong_staff or (len(key) > 1 and len(key) * HALF >= len(counted))
    for here, there in shared:
        weight = Weight.WEAK
        if _until_recently(there, barred, terms):
            weight = Weight.STRONG if many and here.counts else Weight.FAIR
        counts = "，计入第二十条（三）" if here.counts else ""
        yield Match(MatchKind.STAFF, weight, here.name, _span("在人员名单", here) + counts, _span("在人员名单", there))


def _places(filing: Body, barred: Barred) -> Iterator[Match]:
    seen = set()
    for here in filing.places:
        there = next((each for each in barred.body.places if each.read.is_same(here.read)), None)
        if there is not None and here.read.street not in seen:
            seen.add(here.read.street)
            yield Match(MatchKind.ADDRESS, Weight.FAIR, here.text, here.what, f"{there.what} {there.text}")


def _phones(filing: Body, barred: Barred) -> Iterator[Match]:
    seen = set()
    for here in filing.phones:
        there = next((each for each in barred.body.phones if each.mark == here.mark), None)
        if there is not None and here.mark not in seen:
            seen.add(here.mark)
            yield Match(MatchKind.PHONE, Weight.FAIR, "同一号码", here.what, there.what)


def _lately(presences: Sequence[Presence], person: Presence, barred: Barred, terms: Terms) -> Iterator[Presence]:
    """The last time that somebody was there, unless that is too long before the first day to say anything."""
    here = [each for each in presences if each.identity == person.identity]
    latest = max(here, key=lambda each: each.until or date.max, default=None)
    if latest is not None and (latest.until is None or latest.until >= _back(barred.first_day, terms.lookback_days)):
        yield latest


def _until_recently(presence: Presence, barred: Barred, terms: Terms) -> bool:
    """Still there on the first day, or gone so shortly before that it may have been because of what was coming."""
    return presence.until is None or presence.until >= _back(barred.first_day, terms.recent_days)


def _back(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _span(what: str, presence: Presence) -> str:
    since = f"{presence.since} 起" if presence.since else "起始日未填"
    return f"{what}，{since}" + (f"至 {presence.until}" if presence.until else "")


def _basis(barred: Barred, matches: Sequence[Match], filing: Body) -> str:
    """A digest of what a decision rests on: another match, another date or another period opens it again."""
    people = [each.identity for each in (*filing.representatives, *filing.staff)]
    shared = [each for each in (*barred.body.representatives, *barred.body.staff) if each.identity in people]
    return digest(
        barred.agency_id,
        sorted([first.isoformat(), last.isoformat()] for first, last, _ in barred.periods),
        sorted([match.kind, match.weight, match.here, match.there] for match in matches),
        sorted(each.identity for each in shared),
    )


def require_decided(open_ones: Sequence[Likeness]) -> None:
    """No filing goes on while nobody has said what its likeness to a barred agency means. Raises MatchUndecided."""
    if open_ones:
        names = "、".join(each.barred.name for each in open_ones)
        raise MatchUndecided(
            f"与不予采信的机构（{names}）有相符事项，尚未核实。请先在备案页就“疑似规避”逐家作出决定；"
            "已转审批的，请退回审核人决定。",
            clause="JL-22-3",
        )


def require_not_evading(found: Sequence[Likeness]) -> None:
    """What an officer found to evade is not approved; it is refused, or sent back. Raises Evaded."""
    if found:
        names = "、".join(each.barred.name for each in found)
        raise Evaded(
            f"已核实构成对{names}不予采信决定的规避，不能准予备案。请不予备案；认为不构成的，退回审核人重新决定。",
            clause="JL-22-3",
        )


def ground_of_refusal(found: Sequence[Likeness]) -> str:
    """Words for a refusal, for the officer to complete: it names the barred agency, which is public, and no person."""
    return "\n".join(
        f"经核实，贵单位与{each.barred.name}（{each.barred.periods[-1][2]}，"
        f"不予采信至 {max(last for _, last, _ in each.barred.periods)}）"
        f"在{'、'.join(kind.label for kind in each.kinds)}等方面相同，"
        "以新设机构名义继续开展评价，将使《实施细则》第二十二条第三款的不予采信落空，故不予备案。"
        for each in found
    )
