"""What an officer sees marked between two spellings."""

import pytest

from agency.ledgers.differences import pieces, side_by_side


def marked(text: str, other: str) -> str:
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces(text, other))


@pytest.mark.parametrize(
    ("text", "other", "shown"),
    [
        ("砚田（吉林）评价中心", "砚田(吉林)评价中心", "砚田[（]吉林[）]评价中心"),
        ("砚田 评价中心", "砚田评价中心", "砚田[ ]评价中心"),
        ("砚田评价中心", "砚田 评价中心", "砚田评价中心"),
        ("砚田评价中心有限公司", "砚天评价中心有限公司", "砚[田]评价中心有限公司"),
        ("砚田评价中心", "海兰检测研究院", "砚田评价中心"),
    ],
)
def test_what_the_other_spelling_lacks_is_marked(text: str, other: str, shown: str) -> None:
    assert marked(text, other) == shown


def test_nothing_of_a_text_is_lost_and_the_first_is_held_against_the_one_most_like_it() -> None:
    texts = ["砚田评价中心", "海兰实验室（砚田评价中心）", "砚田评价中 心"]
    shown = side_by_side(texts)
    assert ["".join(piece.text for piece in each) for each in shown] == texts
    assert [piece for piece in shown[0] if piece.differs] == []
    assert [piece.text for piece in shown[2] if piece.differs] == [" "]
