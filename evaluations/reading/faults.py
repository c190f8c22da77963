"""Why a file can't be read, in the words that the worker and the program share."""

from enum import StrEnum


class Fault(StrEnum):
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_TEXT = "no_text"
    NO_OCR = "no_ocr"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_SCANS = "too_many_scans"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MUCH_TEXT = "too_much_text"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    OUTSIDE_REFERENCES = "outside_references"
    TOO_COMPLEX = "too_complex"


class Faulty(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
