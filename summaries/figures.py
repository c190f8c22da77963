"""The figures of a summary: what the register knows of an agency's year, and what of it may be stated otherwise.

Scores are in tenths of a point. Everything else is a number of things.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from applicants.models import Kind
from core.places import bureaus
from evaluations.rules.states import Level, State
from summaries.rules import Figure
from supervision.models import CaseOutcome


@dataclass(frozen=True, slots=True)
class Made:
    """Evaluations of one make, of those that an agency evaluated in the year."""

    kind: Kind
    level: Level
    bureau: str  # the applicant's; "" where none is known
    state: State


@dataclass(frozen=True, slots=True)
class Scores:
    """Of the reports issued in the year, each evaluation by its latest."""

    count: int
    total: int
    least: int
    most: int

    @property
    def mean(self) -> int:
        """Rounded half up, in tenths."""
        return (2 * self.total + self.count) // (2 * self.count)


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of an agency's year (Shanghai's 1 January to 31 December), as of an instant."""

    year: int
    as_of: datetime
    evaluations: Mapping[Made, int] = field(default_factory=dict)
    begun: int = 0  # of them, those whose agreement is of the year
    reports: int = 0  # evaluations whose first report is of the year
    corrections: int = 0  # later versions of reports that are of the year
    scores: Scores | None = None
    advice: int = 0
    follow_ups: int = 0
    joined: int = 0
    left: int = 0
    trainings: int = 0
    cases: Mapping[CaseOutcome, int] = field(default_factory=dict)  # closed in the year
    places: int = 0  # of the agency's fifteen
    over_cap: int = 0
    outside: int = 0  # national projects for other provinces, as declared

    @property
    def total(self) -> int:
        return sum(self.evaluations.values())

    def of_kind(self, kind: Kind) -> int:
        return sum(count for made, count in self.evaluations.items() if made.kind is kind)

    def of_level(self, level: Level) -> int:
        return sum(count for made, count in self.evaluations.items() if made.level is level)

    def by_bureau(self) -> dict[str, int]:
        """In the order of config/bureaus.csv, the unknown last; only where there are some."""
        return _counted((made.bureau, count) for made, count in self.evaluations.items())

    def by_state(self) -> dict[State, int]:
        sums: dict[State, int] = dict.fromkeys(State, 0)
        for made, count in self.evaluations.items():
            sums[made.state] += count
        return {state: count for state, count in sums.items() if count}

    def values(self) -> dict[str, int | None]:
        """Every figure by its key: those that can be stated first, then those that are only told."""
        scores = self.scores
        return {
            "evaluations": self.total,
            **{f"kind_{kind}": self.of_kind(kind) for kind in Kind},
            **{f"level_{level}": self.of_level(level) for level in Level},
            "reports": self.reports,
            "advice": self.advice,
            "follow_ups": self.follow_ups,
            "joined": self.joined,
            "left": self.left,
            "trainings": self.trainings,
            "outside": self.outside,
            "begun": self.begun,
            "corrections": self.corrections,
            "score_mean": scores.mean if scores else None,
            "score_least": scores.least if scores else None,
            "score_most": scores.most if scores else None,
            "places": self.places,
            "over_cap": self.over_cap,
            **{f"bureau_{key or 'unknown'}": count for key, count in self.by_bureau().items()},
            **{f"state_{state}": count for state, count in self.by_state().items()},
            **{f"case_{outcome}": self.cases.get(outcome, 0) for outcome in CaseOutcome if self.cases.get(outcome)},
        }


def _counted(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, count in pairs:
        sums[key] = sums.get(key, 0) + count
    order = {key: at for at, key in enumerate(bureaus())}
    return dict(sorted(sums.items(), key=lambda pair: order.get(pair[0], len(order))))


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure that the agency may state otherwise than the register."""

    key: str
    label: str
    unit: str
    hint: str = ""


# in the order of the form
STATED: tuple[Kept, ...] = (
    Kept("evaluations", "本年度开展的评价项目", "项", "本年度签订协议、正在开展或出具报告的；进场前撤回的不计"),
    *(Kept(f"kind_{kind}", f"其中：{kind.label}", "项") for kind in Kind),
    *(Kept(f"level_{level}", f"其中：{level.label}", "项") for level in Level),
    Kept("reports", "本年度出具的评价报告", "份", "同一项目的更正报告不另计"),
    Kept("advice", "提出的提升建议（第二十三条）", "条"),
    Kept("follow_ups", "跟踪回访（第二十三条）", "次"),
    Kept("joined", "本年度新进人员", "人"),
    Kept("left", "本年度离职人员", "人"),
    Kept("trainings", "开展的培训", "次"),
    Kept("outside", "为外省开展的国家级评价项目", "项", "本系统外的项目，作为已知数登记，不占名额"),
)
KEYS = tuple(kept.key for kept in STATED)
TOLD: Mapping[str, str] = {
    "begun": "其中本年度签订协议的",
    "corrections": "更正报告",
    "score_mean": "报告得分平均",
    "score_least": "报告得分最低",
    "score_most": "报告得分最高",
    "places": "占用的国家级名额",
    "over_cap": "国家级超额",
}


def label_of(key: str) -> str:
    """What a figure is called, for every key that `Known.values()` can have."""
    named = {**{kept.key: kept.label for kept in STATED}, **TOLD}
    if key in named:
        return named[key]
    kind, _, word = key.partition("_")
    if kind == "bureau":
        bureau = bureaus().get(word)
        return f"{bureau.short}的评价项目" if bureau else "所属工信局未定的评价项目"
    if kind == "state":
        return f"现为“{State(word).label}”的评价项目"
    return f"涉及本机构并已办结的案件：{CaseOutcome(word).label}"


def shown_value(key: str, value: int | None) -> str:
    """As a reader sees it: scores with their decimal."""
    if value is None:
        return "—"
    return f"{value / 10:.1f}" if key.startswith("score_") else str(value)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the agency states otherwise, by key, with the reason."""

    value: int
    reason: str = ""


def joined(known: Known, stated: Mapping[str, Stated]) -> tuple[Figure, ...]:
    """Every figure as it would be handed in now: as the register knows it where nothing else is stated."""
    return tuple(
        Figure(
            key=key,
            label=label_of(key),
            known=value,
            stated=stated[key].value if key in stated and key in KEYS else value,
            reason=stated[key].reason if key in stated and key in KEYS else "",
        )
        for key, value in known.values().items()
    )
