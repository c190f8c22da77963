"""Comparing names: what typing does to one is no difference."""

import unicodedata

UNIFIED = {
    ord(variant): char
    for char, variants in {"(": "[{【〔「《", ")": "]}】〕」》", "-": "—–―‐−", "·": "•・"}.items()
    for variant in variants
}


def key_of(text: str) -> str:
    """A name without what typing does to it: width, blanks, invisible characters, kinds of brackets, dashes, dots."""
    folded = unicodedata.normalize("NFKC", text).translate(UNIFIED)
    kept = (char for char in folded if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf"))
    return "".join(kept).upper().strip(",;.。-·、")
