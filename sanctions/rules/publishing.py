"""What anybody may read of a decision. Pure."""

import re

from core.errors import DomainError

# a mobile phone, an identity number with its year of birth (a credit code is none), a mail address
PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)[1-8]\d{5}(?:19|20)\d{9}[\dXx](?!\d)|[\w.+-]+@[\w-]+\.\w+", re.ASCII
)


def require_nobodys(text: str) -> None:
    """信息公开条例第十五条 (参照): anybody may read it, so it holds no phone, identity number or mail address.

    Names nobody can tell from other words: that is looked at by who publishes. Raises DomainError.
    """
    found = PERSONAL.search(text)
    if found is not None:
        raise DomainError(f"公布的内容不得写个人的电话、证件号或邮箱：“{found.group()}”，请删去。", field="text")
