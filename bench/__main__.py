"""`python -m bench [NAME…]`: measure, print each measure beside its aim, write them to bench/out/<name>.json.

The load average is told too: what else the machine does weighs on every time, less on ratios."""

import json
import os
import sys
from pathlib import Path

from bench import (
    complaints,
    evaluations,
    last_hour,
    places,
    reading,
    register,
    roster_import,
    scans,
    screening,
    summaries,
)

OUT = Path(__file__).parent / "out"
BENCHES = {
    "complaints": complaints.run,
    "evaluations": evaluations.run,
    "last_hour": last_hour.run,
    "places": places.run,
    "reading": reading.run,
    "register": register.run,
    "roster_import": roster_import.run,
    "scans": scans.run,
    "screening": screening.run,
    "summaries": summaries.run,
}


def main(names: list[str]) -> int:
    missed = 0
    for name in names or BENCHES:
        print(f"\n{name}")
        measures = BENCHES[name]()
        for measure in measures:
            print(f"  {measure}")
        missed += sum(measure.met is False for measure in measures)
        OUT.mkdir(exist_ok=True)
        content = json.dumps([measure.as_json() for measure in measures], ensure_ascii=False, indent=1)
        (OUT / f"{name}.json").write_text(content + "\n", encoding="utf-8")
    print(f"\n{missed} aims missed" if missed else "\nall aims met")
    print("load average {:.2f} {:.2f} {:.2f}, {} processors".format(*os.getloadavg(), os.cpu_count()))
    return 1 if missed else 0


sys.exit(main(sys.argv[1:]))
