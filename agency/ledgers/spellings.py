"""Which spellings in a ledger are one body: proposals for an officer, who decides. Pure; nothing is joined here.

Groups are made of what is certain or likely, each spelling in one group at most; a possible likeness is proposed
between two groups or single spellings, so that a weak link never chains.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, takewhile

from agency.ledgers.names import Aside, Name, names_several
from core.labels import Labelled

SERIES = 12  # as many names that differ in one place are a series, not slips of one
DISTINCTIVE = 10  # characters that two bodies of one province hardly share by chance
SHORTEST = 6  # below this one character is too much of a name


class Likeness(Labelled):
    CERTAIN = "certain", "确定相同"
    LIKELY = "likely", "很可能相同"
    POSSIBLE = "possible", "可能相同"

    @property
    def rank(self) -> int:
        return list(Likeness).index(self)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a ledger. `code` is a credit code that was found good, or None."""

    row: int
    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Why two spellings are taken for one body."""

    first: Entry
    second: Entry
    likeness: Likeness
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Spellings that are one body, as strongly as the weakest of the links that hold them together."""

    likeness: Likeness
    main: Entry
    why_main: str
    entries: tuple[Entry, ...]  # the main one first, then as in the ledger
    links: tuple[Link, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.name for entry in self.entries))


@dataclass(frozen=True, slots=True)
class JointCell:
    """A cell that may name several bodies. It is shown, never cut; `holds`: other spellings that stand in it."""

    entry: Entry
    holds: tuple[Entry, ...]


def joint_cells(entries: Sequence[Entry]) -> tuple[JointCell, ...]:
    """The cells that may name several bodies, with the other spellings found inside."""
    keys = {entry: Name.parse(entry.name).key for entry in entries}
    cells = []
    for entry in entries:
        if names_several(entry.name):
            inside = f"{keys[entry]}\n{keys[entry].replace('、', '')}"
            holds = (other for other in entries if keys[other] != keys[entry] and keys[other] in inside)
            cells.append(JointCell(entry, tuple({keys[other]: other for other in holds}.values())))
    return tuple(cells)


def propose(entries: Sequence[Entry]) -> tuple[Proposal, ...]:
    """Which spellings are one body: the groups of what is certain or likely, then what is possible between them."""
    ledger = _Ledger(entries)
    groups = _Groups(entries)
    links = sorted(_links(ledger), key=lambda link: (link.likeness.rank, link.first.row, link.second.row))
    loose = [link for link in links if not groups.unite(link)]
    weak: dict[frozenset[int], Link] = {}
    for link in loose:
        if checked := groups.between(link):
            weak.setdefault(frozenset((groups.of[link.first], groups.of[link.second])), checked)

    proposals = [
        _proposal(ledger, members, groups.links[group]) for group, members in groups.members.items() if len(members) > 1
    ]
    for pair, link in weak.items():
        members = [entry for group in pair for entry in groups.members[group]]
        held = [known for group in pair for known in groups.links[group]]
        proposals.append(_proposal(ledger, members, [*held, link]))
    return tuple(sorted(proposals, key=lambda proposal: (proposal.likeness.rank, proposal.main.row)))


class _Groups:
    """Entries held together by certain and likely links. Two credit codes are never in one group."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.of = {entry: number for number, entry in enumerate(entries)}
        self.members = {number: [entry] for entry, number in self.of.items()}
        self.links: dict[int, list[Link]] = {number: [] for number in self.members}

    def unite(self, link: Link) -> bool:
        """Join two groups into one; False: the link is too weak, or their codes differ."""
        first, second = self.of[link.first], self.of[link.second]
        if first == second:
            return True
        if link.likeness is Likeness.POSSIBLE or self._two_codes(first, second):
            return False
        joining = self.members.pop(second)
        self.members[first] += joining
        self.links[first] += [*self.links.pop(second), link]
        self.of.update(dict.fromkeys(joining, first))
        return True

    def between(self, link: Link) -> Link | None:
        """What is left of a link between two groups: with two codes, only what was more than a mere likeness."""
        first, second = self.of[link.first], self.of[link.second]
        if first == second:
            return None
        if not self._two_codes(first, second):
            return link
        if link.likeness is Likeness.POSSIBLE:
            return None
        return replace(link, likeness=Likeness.POSSIBLE, reason=f"{link.reason}，但信用代码不同，请核对")

    def _two_codes(self, first: int, second: int) -> bool:
        return len({entry.code for group in (first, second) for entry in self.members[group] if entry.code}) > 1


class _Ledger:
    """The entries, their names taken apart once, and one entry for each name to compare."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.names = {entry: Name.parse(entry.name) for entry in entries}
        self.counts = Counter(name.key for name in self.names.values())
        self.former = {
            name.aside[1] if name.aside[0] is Aside.FORMER else name.head
            for name in self.names.values()
            if name.aside and name.aside[0] is not Aside.OTHER
        }
        single = {name.key: entry for entry, name in reversed(self.names.items()) if not names_several(entry.name)}
        self.single = [entry for entry in entries if single.get(self.names[entry].key) == entry]

    def buckets(self, keys: Callable[[Name], Iterable[Hashable]]) -> Iterator[tuple[Entry, Entry]]:
        """The pairs of entries that share a key, where those that share it are few."""
        buckets: dict[Hashable, dict[Entry, None]] = defaultdict(dict)
        for entry in self.single:
            for key in keys(self.names[entry]):
                buckets[key][entry] = None
        for bucket in buckets.values():
            if len(bucket) <= SERIES:
                yield from combinations(bucket, 2)


def _links(ledger: _Ledger) -> Iterator[Link]:
    """One link for each pair of entries that have one: the finders stand in the order of their strength."""
    seen: set[frozenset[Entry]] = set()
    for finder in (_same_key, _same_code, _stated, _same_core, _place_left_out, _slips):
        for link in finder(ledger):
            pair = frozenset((link.first, link.second))
            if pair not in seen:
                seen.add(pair)
                yield link


def _same_key(ledger: _Ledger) -> Iterator[Link]:
    first_with: dict[str, Entry] = {}
    for entry, name in ledger.names.items():
        first = first_with.setdefault(name.key, entry)
        if first is not entry:
            same = first.name == entry.name
            reason = "写法完全相同" if same else "只有括号、空白、全半角或标点的写法不同"
            yield Link(first, entry, Likeness.CERTAIN, reason)


def _same_code(ledger: _Ledger) -> Iterator[Link]:
    first_with: dict[str, Entry] = {}
    for entry in ledger.entries:
        if entry.code is None:
            continue
        first = first_with.setdefault(entry.code, entry)
        if first is not entry:
            if _alike(ledger.names[first].core, ledger.names[entry].core):
                yield Link(first, entry, Likeness.CERTAIN, "信用代码相同，名称相近")
            else:
                yield Link(first, entry, Likeness.LIKELY, "信用代码相同而名称不同：可能已更名，也可能代码填错")


def _alike(first: str, second: str) -> bool:
    """At least half of the pairs of neighbouring characters are shared."""
    one, other = ({text[place : place + 2] for place in range(len(text) - 1)} for text in (first, second))
    return 2 * len(one & other) >= max(1, min(len(one), len(other)))


def _stated(ledger: _Ledger) -> Iterator[Link]:
    """What the brackets at the end of a name say of it."""
    by_head: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger.single:
        by_head[ledger.names[entry].head].append(entry)
    for entry in ledger.single:
        name = ledger.names[entry]
        if name.aside is None:
            continue
        kind, other_name = name.aside
        for other in by_head[name.head]:
            if other is not entry:
                sure = kind is not Aside.OTHER and ledger.names[other].aside is None
                likeness = Likeness.CERTAIN if sure else Likeness.LIKELY
                yield Link(entry, other, likeness, f"括号前的名称相同，括号内是{kind.value}")
        for other in by_head.get(other_name, ()):
            if other is not entry:
                yield Link(entry, other, Likeness.LIKELY, f"括号内写有{kind.value}“{ledger.names[other].head}”")


def _same_core(ledger: _Ledger) -> Iterator[Link]:
    for first, second in ledger.buckets(lambda name: [(name.core, name.marks, name.place_names)]):
        one, other = ledger.names[first], ledger.names[second]
        if one.head == other.head or not one.levels_agree_with(other):
            continue
        if bool(one.form) != bool(other.form):
            reason = "一为机构名称、一为公司名称：可能已改制，也可能是两个主体"
            yield Link(first, second, Likeness.POSSIBLE, reason)
        elif one.is_group != other.is_group:
            yield Link(first, second, Likeness.POSSIBLE, "有无“集团”不同：可能已改制，也可能是集团与其下属公司")
        elif one.form != other.form:
            yield Link(first, second, Likeness.LIKELY, "只有公司组织形式的写法不同")
        else:
            yield Link(first, second, Likeness.LIKELY, "只有地名后“省”“市”等字的有无不同")


def _place_left_out(ledger: _Ledger) -> Iterator[Link]:
    for first, second in ledger.buckets(lambda name: [(name.rest, name.marks)] if len(name.rest) >= SHORTEST else []):
        short, long = sorted((ledger.names[first], ledger.names[second]), key=lambda name: name.leading)
        if (
            short.place_names == long.place_names
            or short.place_names[: short.leading] != long.place_names[: short.leading]
        ):
            continue
        if not short.levels_agree_with(long):
            continue
        if short.leading == 0:
            yield Link(first, second, Likeness.POSSIBLE, "只有开头地名的有无不同")
        elif len(short.rest) >= DISTINCTIVE:
            yield Link(first, second, Likeness.POSSIBLE, "只有中间一级地名的有无不同")


def _slips(ledger: _Ledger) -> Iterator[Link]:
    """One character written otherwise, added or left out, or the same characters in another order."""
    for first, second in ledger.buckets(_nearly):
        name, other_name = ledger.names[first], ledger.names[second]
        if name.core == other_name.core or not name.levels_agree_with(other_name):
            continue
        one, other = _difference(name.core, other_name.core)
        if not (one and other):
            yield Link(first, second, Likeness.POSSIBLE, f"只有“{one or other}”的有无不同，可能是录入有误")
        elif max(len(one), len(other)) == 1 or _shuffled(one, other):
            yield Link(first, second, Likeness.POSSIBLE, f"只有“{one}”与“{other}”不同，可能是录入有误")


def _nearly(name: Name) -> Iterator[Hashable]:
    """Keys that names share which differ by one slip: the name with each character left out, in order and sorted."""
    if len(name.rest) < SHORTEST:
        return
    for text in (name.core, *(name.core[:place] + name.core[place + 1 :] for place in range(len(name.core)))):
        yield name.marks, name.place_names, text
        yield name.marks, name.place_names, tuple(sorted(text))


def _shuffled(one: str, other: str) -> bool:
    """Whether two texts have the same characters, or one of them a single one more."""
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) <= 1 and not Counter(short) - Counter(long)


def _difference(first: str, second: str) -> tuple[str, str]:
    """What two texts have between their common beginning and their common end."""
    start = _shared(first, second)
    end = _shared(first[start:][::-1], second[start:][::-1])
    return first[start : len(first) - end], second[start : len(second) - end]


def _shared(first: str, second: str) -> int:
    """How many characters two texts begin with together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def _proposal(ledger: _Ledger, group: Iterable[Entry], links: Sequence[Link]) -> Proposal:
    entries = sorted(group, key=lambda entry: entry.row)
    main, why = _main(ledger, entries)
    return Proposal(
        likeness=max((link.likeness for link in links), key=lambda likeness: likeness.rank),
        main=main,
        why_main=why,
        entries=(main, *(entry for entry in entries if entry is not main)),
        links=tuple(links),
    )


def _main(ledger: _Ledger, entries: Sequence[Entry]) -> tuple[Entry, str]:
    """The spelling to go by, and what speaks for it: the first of these in which it is before the others."""
    criteria: Mapping[str, Callable[[Entry], int]] = {
        "有信用代码": lambda entry: entry.code is not None,
        "其他写法是曾用名": lambda entry: ledger.names[entry].head not in ledger.former,
        "不带括号说明": lambda entry: ledger.names[entry].aside is None,
        "书写规范": lambda entry: not any(char.isspace() or char in "()" for char in entry.name),
        "是公司全称": lambda entry: len(ledger.names[entry].form),
        "在名单中最常见": lambda entry: ledger.counts[ledger.names[entry].key],
        "在名单中最靠前": lambda entry: -entry.row,
    }
    left = list(entries)
    why = ""
    for reason, measure in criteria.items():
        best = max(map(measure, left))
        if any(measure(entry) != best for entry in left):
            why = why or reason
            left = [entry for entry in left if measure(entry) == best]
    return left[0], why
