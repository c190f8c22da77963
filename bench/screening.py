"""How fast clauses are judged, beside one plain `re` alternation of the same words over the same text."""

import re
import statistics
import time
from collections.abc import Callable

from bench.measures import Measure
from evaluations.screening import corpus, screen_clause
from evaluations.screening.normalising import normalise
from evaluations.screening.vocabulary import vocabulary

ROUNDS = 5


def run() -> list[Measure]:
    texts = [each.text for samples in corpus.read().values() for each in samples]
    size = sum(len(each.encode()) for each in texts) / 1e6
    plain = [normalise(each).text for each in texts]
    alternation = re.compile("|".join(map(re.escape, sorted(vocabulary().words, key=len, reverse=True))))
    screen_clause(texts[0])
    judging = _seconds(lambda: [screen_clause(each) for each in texts])
    searching = _seconds(lambda: [alternation.findall(each) for each in plain])
    return [
        Measure("screening: seconds for 1,000 clauses", judging / len(texts) * 1000, "s"),
        Measure("screening: clauses a second", len(texts) / judging, "/s"),
        Measure("screening: text a second", size / judging, "MB/s"),
        Measure("one re alternation of the same words: text a second", size / searching, "MB/s"),
        Measure("screening beside that alternation", judging / searching, "×", aim=10),
    ]


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
