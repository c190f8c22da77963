"""Filled-in forms about agencies."""

from itertools import count

from tests.factories.agencies import made_up_number
from tests.numbers import credit_code

_registrations = count(500_001)


def registration(**overrides: object) -> dict[str, object]:
    """What somebody types who registers an agency of their own, another one at each call."""
    number = next(_registrations)
    return {
        "credit_code": credit_code(number),
        "name": f"吉林澄明{number}环境科技有限公司",
        "kind": "enterprise",
        "address": "吉林省长春市朝阳区人民大街 7 号",
        "province": "22",
        "place": "朝阳区",
        "bureau": "",
        "representative_name": "周明远",
        "representative_document": "resident_id",
        "representative_number": made_up_number("220103"),
        "representative_phone": "13804310011",
        "representative_since": "2021-06-01",
        "contact_name": "吴联系",
        "contact_phone": "0431-88900000",
        "contact_email": "wu@example.com",
        "service_consent": "y",
        "service_address": "wu@example.com",
        "capabilities": ["factory", "park", "supply_chain"],
        "platform_number": "",
        "platform_registered_on": "",
        "username": f"applicant{number}",
        "password": "meadow kettle onward",
        "password_again": "meadow kettle onward",
        "authorised": "y",
    } | overrides


def doubtful(code: str) -> str:
    """A code whose check character is wrong."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")
