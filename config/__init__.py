"""The data that people can read and correct: the jurisdiction, titles, majors, places. `FOLDER` is where it lies."""

from pathlib import Path

FOLDER = Path(__file__).parent
