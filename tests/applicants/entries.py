"""Entries of applicants for tests."""

from typing import Any

from applicants.entries import ApplicantEntry
from applicants.models import Kind
from tests.numbers import credit_code


def entry(**changed: Any) -> ApplicantEntry:
    """A factory of 长春, sound as it is."""
    values: dict[str, Any] = {
        "name": "长春曜辰光电科技有限公司",
        "kinds": (Kind.FACTORY,),
        "credit_code": credit_code(4001, area="220104"),
        "bureau": "changchun",
        "county": "净月高新技术产业开发区",
        "address": "吉林省长春市净月高新技术产业开发区创业街 797 号",
        "industry_code": "C3976",
        "industry": "光电子器件制造",
        "representative": "宋嘉树",
        "contact_name": "苏敏",
        "contact_phone": "13800000002",
    }
    return ApplicantEntry(**values | changed)


def park(**changed: Any) -> ApplicantEntry:
    """A park without a code of its own."""
    values: dict[str, Any] = {
        "name": "长春北澄新材料产业园",
        "kinds": (Kind.PARK,),
        "credit_code": "",
        "body_name": "长春北澄新材料产业园管理委员会",
        "body_code": credit_code(4002, prefix="11", area="220103"),
        "industry_code": "",
        "industry": "",
        "industrial_share": 574,
    }
    return entry(**values | changed)
