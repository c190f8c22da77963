"""Characters recognised from a picture, offline: the models come inside the package of the `ocr` extra."""

import logging
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Any

from evaluations.reading.faults import Fault, Faulty
from evaluations.reading.printed import Laid, Stretch

if TYPE_CHECKING:
    from PIL.Image import Image

UNSURE = 0.5
SHORT, UNSURE_SHORT = 4, 0.9  # the characters around a seal come out as scraps
LONG = 8  # characters: a stretch this long shows how far the sheet is turned


def recognised(picture: "Image") -> Laid:
    import numpy

    found = _engine()(numpy.asarray(picture)[:, :, ::-1])  # it expects blue first
    if found.boxes is None:
        return Laid(picture.width, picture.height, [], [])
    read = [
        (text, [(float(x), float(y)) for x, y in box])
        for text, box, score in zip(found.txts, found.boxes, found.scores, strict=True)
        if text.strip() and score >= (UNSURE_SHORT if len(text) <= SHORT else UNSURE)
    ]
    slope = _slope(read)
    return Laid(picture.width, picture.height, [_stretch(text, box, slope) for text, box in read], [])


@cache
def _engine() -> Any:
    try:
        import cv2
        from rapidocr import RapidOCR
    except ImportError as error:
        raise Faulty(Fault.NO_OCR) from error
    cv2.setNumThreads(1)
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    one_thread = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    settings = {f"EngineConfig.onnxruntime.{name}": value for name, value in one_thread.items()}
    return RapidOCR(params={"Global.log_level": "error", "Global.max_side_len": 2400, **settings})


def _slope(read: list[tuple[str, list[tuple[float, float]]]]) -> float:
    """By how much a line falls from left to right on a sheet that was laid down askew."""
    slopes = [
        (box[1][1] - box[0][1]) / (box[1][0] - box[0][0])
        for text, box in read
        if len(text) >= LONG and box[1][0] > box[0][0]
    ]
    return median(slopes) if slopes else 0.0


def _stretch(text: str, box: list[tuple[float, float]], slope: float) -> Stretch:
    left, right = min(x for x, _ in box), max(x for x, _ in box)
    top = (box[0][1] + box[1][1]) / 2 - slope * (left + right) / 2
    bottom = (box[2][1] + box[3][1]) / 2 - slope * (left + right) / 2
    # the box stands away from the characters by about an eighth on either side
    return Stretch(text.strip(), left, right, top, bottom, max(1.0, (bottom - top) * 0.78))
