"""Accounts that are managed for others: the department's by an admin, an agency's by its first user."""

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import Role, User
from accounts.services import managed
from accounts.services.managed import ChangedMeanwhile, LastAdmin, OwnAccount
from core.audit import AuditEntry
from core.db import db, transaction
from tests.conftest import PASSWORD
from tests.factories import Make

SignIn = Callable[..., FlaskClient]


def account(app: Flask, username: str) -> User:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.username == username)).one()
        assert user.grants is not None
        return user


def first_password(page: TestResponse) -> str:
    found = re.search(r'class="secret code">([^<]+)<', page.text)
    assert found, page.text
    return found[1]


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


class TestTheDepartments:
    def new(self, client: FlaskClient, **changed: object) -> TestResponse:
        typed = {"username": "li.min", "display_name": "李敏", "roles": ["reviewer", "approver"], "bureau": ""}
        return client.post("/accounts/users/new", data=typed | changed)

    def test_a_new_account_signs_in_with_the_password_shown_once_and_changes_it(
        self, app: Flask, make: Make, sign_in: SignIn
    ) -> None:
        admin = sign_in(make.officer("admin"))
        shown = self.new(admin)
        password = first_password(shown)
        made = account(app, "li.min")
        assert made.roles == {Role.REVIEWER, Role.APPROVER}
        assert "李敏" in admin.get("/accounts/users").text  # who has not signed in yet is listed too
        assert password not in admin.get(f"/accounts/users/{made.id}").text
        client = sign_in(made, password)
        assert client.get("/notices").location == "/accounts/password"
        assert "account.created" in actions(app)

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"username": "x"}, "3 至 40 个字符"),
            ({"username": "李敏"}, "小写字母"),
            ({"roles": []}, "至少选择一个岗位"),
            ({"roles": ["admin", "approver"]}, "不能与其他岗位同时担任"),
            ({"roles": ["municipal"]}, "选择所属的工信局"),
            ({"roles": ["reviewer"], "bureau": "changchun"}, "只有市（州）"),
            ({"roles": ["agency"]}, ""),
            ({"bureau": "atlantis"}, ""),
            ({"display_name": " "}, "姓名"),
        ],
    )
    def test_what_is_wrong_with_a_new_account_is_said_and_nothing_is_made(
        self, app: Flask, make: Make, sign_in: SignIn, changed: dict[str, object], says: str
    ) -> None:
        answer = self.new(sign_in(make.officer("admin")), **changed)
        assert answer.status_code == 422
        assert says in answer.text
        assert "account.created" not in actions(app)

    def test_a_name_is_given_once(self, make: Make, sign_in: SignIn) -> None:
        admin = sign_in(make.officer("admin"))
        assert self.new(admin).status_code == 200
        again = self.new(admin, username="LI.MIN")
        assert again.status_code == 422
        assert "已有人使用" in again.text

    def test_a_municipal_account_belongs_to_its_bureau(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        self.new(sign_in(make.officer("admin")), roles=["municipal"], bureau="meihekou")
        assert account(app, "li.min").bureau_name.startswith("梅河口")

    def test_roles_change_from_the_next_request_on(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        admin, other = make.officer("admin"), make.officer("admin")
        client, theirs = sign_in(admin), sign_in(other)
        assert theirs.get("/accounts/users").status_code == 200
        typed = {"version": 1, "display_name": "赵学", "roles": ["approver"], "bureau": ""}
        assert client.post(f"/accounts/users/{other.id}/edit", data=typed).status_code == 302
        assert theirs.get("/accounts/users").status_code == 403
        assert account(app, other.username).roles == {Role.APPROVER}

    def test_the_second_of_two_changes_is_told(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        client, other = sign_in(make.officer("admin")), make.officer("reviewer")
        typed = {"version": 1, "display_name": "赵学", "roles": ["approver"], "bureau": ""}
        client.post(f"/accounts/users/{other.id}/edit", data=typed)
        late = client.post(f"/accounts/users/{other.id}/edit", data=typed | {"display_name": "赵雪"})
        assert late.status_code == 409
        assert "赵雪" in late.text
        assert account(app, other.username).display_name == "赵学"

    def test_a_closed_account_is_out_at_once_and_comes_back_with_its_password(
        self, app: Flask, make: Make, sign_in: SignIn
    ) -> None:
        admin, user = sign_in(make.officer("admin")), make.officer("reviewer")
        theirs = sign_in(user)
        closing = f"/accounts/users/{user.id}/deactivate"
        assert admin.post(closing, data={"reason": " "}).status_code == 422
        assert admin.post(closing, data={"reason": "调离"}).status_code == 302
        assert admin.post(closing, data={"reason": "调离"}).status_code == 302
        assert theirs.get("/notices").status_code == 302
        admin.post(f"/accounts/users/{user.id}/reactivate")
        admin.post(f"/accounts/users/{user.id}/reactivate")
        sign_in(user)
        assert [action for action in actions(app) if "activated" in action] == [
            "account.deactivated",
            "account.reactivated",
        ]

    def test_a_reset_password_ends_the_sessions_and_the_wait(self, make: Make, sign_in: SignIn) -> None:
        admin, user = sign_in(make.officer("admin")), make.officer("reviewer")
        theirs = sign_in(user)
        for _ in range(5):
            theirs.post("/accounts/password", data={"old": "guess", "new": "n" * 12, "again": "n" * 12})
        password = first_password(admin.post(f"/accounts/users/{user.id}/reset-password"))
        assert theirs.get("/notices").status_code == 302
        sign_in(user, password)

    def test_an_admin_lets_in_who_lost_the_phone(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        admin, user = sign_in(make.officer("admin")), make.officer("reviewer")
        with app.app_context(), transaction() as session:
            row = session.get_one(User, user.id)
            row.totp_secret, row.totp_confirmed = "JBSWY3DPEHPK3PXP", True
        assert admin.post(f"/accounts/users/{user.id}/reset-two-factor").status_code == 302
        assert sign_in(user).get("/notices").status_code == 200

    def test_an_admin_cannot_close_or_reset_the_own_account(self, make: Make, sign_in: SignIn) -> None:
        admin = make.officer("admin")
        make.officer("admin")
        client = sign_in(admin)
        for act, data in {"deactivate": {"reason": "x"}, "reset-password": {}, "reset-two-factor": {}}.items():
            answer = client.post(f"/accounts/users/{admin.id}/{act}", data=data)
            assert answer.status_code == 422
            assert "自己的" in answer.text

    def test_an_agencys_user_gets_no_department_role(self, make: Make, sign_in: SignIn) -> None:
        user = make.user_of(make.agency())
        assert sign_in(make.officer("admin")).get(f"/accounts/users/{user.id}/edit").status_code == 404

    def test_the_list_finds_by_name_role_and_standing(self, make: Make, sign_in: SignIn) -> None:
        admin, reviewer = make.officer("admin"), make.officer("reviewer")
        agency = make.agency()
        client = sign_in(admin)
        link = '/accounts/users/{}"'
        everyone = client.get("/accounts/users").text
        assert link.format(reviewer.id) in everyone
        assert agency.name in everyone
        reviewers = client.get("/accounts/users?role=reviewer&active=yes").text
        assert link.format(reviewer.id) in reviewers
        assert link.format(admin.id) not in reviewers
        assert link.format(reviewer.id) not in client.get("/accounts/users?active=no").text
        assert link.format(reviewer.id) in client.get(f"/accounts/users?q={reviewer.display_name}").text
        assert "没有符合条件的账号" in client.get("/accounts/users?q=%25").text
        assert client.get("/accounts/users?role=king&cursor=x").status_code == 200

    def test_the_list_goes_on_with_its_filter(self, make: Make, sign_in: SignIn) -> None:
        for _ in range(25):
            make.officer("reviewer")
        client = sign_in(make.officer("admin"))
        page = client.get("/accounts/users?role=reviewer").text
        following = re.search(r'rel="next" href="([^"]+)"', page)
        assert following
        assert "role=reviewer" in following[1]
        rest = client.get(following[1].replace("&amp;", "&")).text
        assert rest.count("省厅审核</td>") == 5


class TestTheLastAdmin:
    def test_stays(self, make: Make, context: None) -> None:
        admin = make.officer("admin")
        closed = make.officer("admin")
        managed.deactivate(closed.id, by=admin, reason="调离")
        with pytest.raises(OwnAccount):
            managed.deactivate(admin.id, by=admin, reason="误操作")
        with pytest.raises(LastAdmin):
            managed.deactivate(admin.id, by=closed, reason="误操作")
        with pytest.raises(LastAdmin):
            managed.change_department_account(
                admin.id, version=1, display_name="某", roles=[Role.REVIEWER], bureau=None, by=admin
            )

    def test_stays_when_two_admins_close_each_other_at_once(self, app: Flask, make: Make) -> None:
        first, second = make.officer("admin"), make.officer("admin")
        refused: list[LastAdmin] = []
        ready = threading.Barrier(2)

        def close(other: User, by: User) -> None:
            with app.app_context():
                ready.wait()
                try:
                    managed.deactivate(other.id, by=by, reason="互停")
                except LastAdmin as refusal:
                    refused.append(refusal)
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=close, args=pair) for pair in ((second, first), (first, second))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1

    def test_may_be_changed_in_name(self, make: Make, context: None) -> None:
        admin = make.officer("admin")
        managed.change_department_account(
            admin.id, version=1, display_name="孙岚", roles=[Role.ADMIN], bureau=None, by=admin
        )
        with pytest.raises(ChangedMeanwhile):
            managed.change_department_account(
                admin.id, version=1, display_name="孙兰", roles=[Role.ADMIN], bureau=None, by=admin
            )


class TestColleagues:
    def test_the_first_user_adds_one_who_signs_in(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        agency = make.agency()
        client = sign_in(make.user_of(agency))
        shown = client.post("/accounts/colleagues/new", data={"username": "qian.li", "display_name": "钱立"})
        made = account(app, "qian.li")
        assert (made.agency_id, made.roles) == (agency.id, {Role.AGENCY})
        assert sign_in(made, first_password(shown)).get("/accounts/colleagues").location == "/accounts/password"
        assert "钱立" in client.get("/accounts/colleagues").text

    def test_the_others_see_the_list_and_manage_nobody(self, make: Make, sign_in: SignIn) -> None:
        agency = make.agency()
        first, second = make.user_of(agency), make.account("agency", agency_id=agency.id)
        client = sign_in(second)
        page = client.get("/accounts/colleagues").text
        assert first.display_name in page
        assert "新增账号" not in page
        assert client.get("/accounts/colleagues/new").status_code == 403
        for act in ("deactivate", "reactivate", "reset-password"):
            assert client.post(f"/accounts/colleagues/{first.id}/{act}", data={"reason": "x"}).status_code == 403

    def test_another_agencys_people_do_not_exist(self, make: Make, sign_in: SignIn) -> None:
        stranger, officer = make.user_of(make.agency()), make.officer("reviewer")
        client = sign_in(make.user_of(make.agency()))
        for other in (stranger, officer):
            for act in ("deactivate", "reactivate", "reset-password"):
                assert client.post(f"/accounts/colleagues/{other.id}/{act}", data={"reason": "x"}).status_code == 404

    def test_closing_resetting_and_letting_in_again(self, make: Make, sign_in: SignIn) -> None:
        agency = make.agency()
        client = sign_in(make.user_of(agency))
        colleague = make.account("agency", agency_id=agency.id)
        theirs = sign_in(colleague)
        path = f"/accounts/colleagues/{colleague.id}"
        assert client.post(f"{path}/deactivate", data={"reason": "离职"}).status_code == 302
        assert theirs.get("/notices").status_code == 302
        assert client.post(f"{path}/reactivate").status_code == 302
        sign_in(colleague)
        sign_in(colleague, first_password(client.post(f"{path}/reset-password")))

    def test_the_first_user_cannot_lock_the_agency_out(self, make: Make, sign_in: SignIn) -> None:
        user = make.user_of(make.agency())
        answer = sign_in(user).post(f"/accounts/colleagues/{user.id}/deactivate", data={"reason": "x"})
        assert answer.status_code == 422
        assert "不能停用自己" in answer.text

    def test_the_next_oldest_account_manages_once_the_first_is_closed(self, make: Make, sign_in: SignIn) -> None:
        agency = make.agency()
        first, second = make.user_of(agency), make.account("agency", agency_id=agency.id)
        sign_in(make.officer("admin")).post(f"/accounts/users/{first.id}/deactivate", data={"reason": "离职"})
        assert sign_in(second).get("/accounts/colleagues/new").status_code == 200


class TestCommands:
    def test_an_account_is_made_with_a_password_of_its_own(self, app: Flask, sign_in: SignIn) -> None:
        arguments = ["accounts", "create", "--username", "sun.lan", "--role", "admin", "--name", "孙岚"]
        done = app.test_cli_runner().invoke(args=arguments)
        assert done.exit_code == 0, done.output
        assert sign_in(account(app, "sun.lan"), done.output.strip()).get("/admin").location == "/accounts/password"
        again = app.test_cli_runner().invoke(args=arguments)
        assert again.exit_code == 1
        assert "已有人使用" in again.output

    def test_the_password_may_come_from_standard_input(self, app: Flask, sign_in: SignIn) -> None:
        arguments = ["accounts", "create", "--username", "mei.he", "--role", "municipal", "--bureau", "meihekou"]
        done = app.test_cli_runner().invoke(args=[*arguments, "--password-stdin"], input=f"{PASSWORD}\n")
        assert (done.exit_code, done.output) == (0, "")
        sign_in(account(app, "mei.he"))
        weak = app.test_cli_runner().invoke(args=[*arguments, "--password-stdin"], input="1234567890\n")
        assert weak.exit_code == 1
        assert "太常见" in weak.output

    def test_who_is_locked_out_gets_a_new_password_on_the_machine(
        self, app: Flask, make: Make, sign_in: SignIn
    ) -> None:
        admin = make.officer("admin")
        done = app.test_cli_runner().invoke(args=["accounts", "reset-password", "--username", admin.username])
        sign_in(admin, done.output.strip())
        missing = app.test_cli_runner().invoke(args=["accounts", "reset-password", "--username", "nobody"])
        assert missing.exit_code == 1
