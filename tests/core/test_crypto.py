import pytest

from core.crypto import Keyring, Undecryptable, main

OLD = "hash:" + "h" * 43 + ",1:" + "a" * 43
ROTATED = OLD + ",2:" + "b" * 43
ID_NUMBER = "220104199001011234"


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.from_secret(OLD)


def test_what_is_encrypted_comes_back(keyring):
    token = keyring.encrypt(b"plain", purpose="files", bound_to=b"place")
    assert b"plain" not in token
    assert keyring.decrypt(token, purpose="files", bound_to=b"place") == b"plain"


def test_a_short_text_comes_back(keyring):
    token = keyring.encrypt_text("李雪梅", bound_to="person:7")
    assert "李雪梅".encode() not in token
    assert keyring.decrypt_text(token, bound_to="person:7") == "李雪梅"


def test_equal_texts_are_not_seen_to_be_equal(keyring):
    assert keyring.encrypt_text(ID_NUMBER) != keyring.encrypt_text(ID_NUMBER)


def test_a_token_moved_to_another_place_or_purpose_is_refused(keyring):
    token = keyring.encrypt(b"plain", purpose="fields", bound_to=b"person:7")
    with pytest.raises(Undecryptable):
        keyring.decrypt(token, purpose="fields", bound_to=b"person:8")
    with pytest.raises(Undecryptable):
        keyring.decrypt(token, purpose="files", bound_to=b"person:7")


def test_a_token_altered_anywhere_is_refused(keyring):
    token = keyring.encrypt(b"plain", purpose="fields")
    for position in range(len(token)):
        altered = bytearray(token)
        altered[position] ^= 1
        with pytest.raises(Undecryptable):
            keyring.decrypt(bytes(altered), purpose="fields")


def test_a_token_cut_short_is_refused(keyring):
    token = keyring.encrypt(b"", purpose="fields")
    for length in range(len(token)):
        with pytest.raises(Undecryptable):
            keyring.decrypt(token[:length], purpose="fields")


def test_after_a_rotation_old_tokens_open_and_new_ones_need_the_new_key(keyring):
    rotated = Keyring.from_secret(ROTATED)
    assert rotated.decrypt_text(keyring.encrypt_text(ID_NUMBER)) == ID_NUMBER
    token = rotated.encrypt_text(ID_NUMBER)
    assert rotated.decrypt_text(token) == ID_NUMBER
    with pytest.raises(Undecryptable, match="no key 2"):
        keyring.decrypt_text(token)


def test_a_rotation_changes_no_hash_and_no_mac(keyring):
    rotated = Keyring.from_secret(ROTATED)
    assert rotated.keyed_hash(ID_NUMBER) == keyring.keyed_hash(ID_NUMBER)
    assert rotated.mac(b"entry", purpose="audit") == keyring.mac(b"entry", purpose="audit")


def test_rotating_the_secret_keeps_it_readable(keyring):
    rotated = Keyring.from_secret(Keyring.rotate_secret(OLD))
    assert rotated.decrypt_text(keyring.encrypt_text(ID_NUMBER)) == ID_NUMBER
    with pytest.raises(Undecryptable):
        keyring.decrypt_text(rotated.encrypt_text(ID_NUMBER))


def test_keys_are_derived_as_they_always_were(keyring):
    """A change in derivation would make everything kept so far unreadable."""
    assert keyring.keyed_hash(ID_NUMBER) == "575e9298d9e9d25c68e4e2b4c174f890cec62d6037013f10f4e9834862841e71"
    assert (
        keyring.mac(b"entry", purpose="audit").hex()
        == "6a1ae10e3432a3f9ea2b70a123da0adf0dbdfab341ec2631f3ebb4774a42be6d"
    )
    assert (
        keyring.decrypt_text(
            bytes.fromhex(
                "012ee3773096b593530fa54fc72cd7f6651b315c72488bc634c4ff8b0e2da7b46844933dc58b05a32f66e6d663d5c1"
            )
        )
        == ID_NUMBER
    )


def test_each_purpose_and_each_secret_has_hashes_of_its_own(keyring):
    other = Keyring.from_secret(Keyring.generate_secret())
    hashes = {
        keyring.keyed_hash(ID_NUMBER),
        keyring.keyed_hash(ID_NUMBER, purpose="receipt"),
        keyring.mac(ID_NUMBER.encode(), purpose="audit").hex(),
        other.keyed_hash(ID_NUMBER),
    }
    assert len(hashes) == 4


def test_a_keyring_opens_nothing_of_another(keyring):
    token = Keyring.from_secret(Keyring.generate_secret()).encrypt_text(ID_NUMBER)
    with pytest.raises(Undecryptable):
        keyring.decrypt_text(token)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "hash:" + "h" * 43,
        "1:" + "a" * 43,
        "hash:short,1:" + "a" * 43,
        "hash:" + "h" * 43 + ",1:short",
        "hash:" + "h" * 43 + ",0:" + "a" * 43,
        "hash:" + "h" * 43 + ",256:" + "a" * 43,
        "hash:" + "h" * 43 + ",new:" + "a" * 43,
        ROTATED + ",2:" + "c" * 43,
        ROTATED + ",02:" + "c" * 43,
    ],
)
def test_a_secret_that_is_none_is_refused_without_being_repeated(secret):
    with pytest.raises(ValueError, match=r"secret|key") as refusal:
        Keyring.from_secret(secret)
    assert "hhh" not in str(refusal.value)
    assert "aaa" not in str(refusal.value)


def test_a_keyring_shows_no_key(keyring):
    assert repr(keyring) == "<Keyring, newest key 1>"


def test_the_command_makes_a_secret_that_can_be_used(capsys):
    main([])
    keyring = Keyring.from_secret(capsys.readouterr().out)
    assert keyring.decrypt_text(keyring.encrypt_text("李雪梅")) == "李雪梅"


def test_the_command_adds_a_key_to_a_secret_and_keeps_the_old_ones(keyring, tmp_path, capsys):
    (tmp_path / "secret").write_text(OLD + "\n", encoding="ascii")
    main([str(tmp_path / "secret")])
    rotated = Keyring.from_secret(capsys.readouterr().out)
    assert rotated.decrypt_text(keyring.encrypt_text("李雪梅")) == "李雪梅"
    assert rotated.encrypt_text("李雪梅")[0] == 2
    assert rotated.keyed_hash(ID_NUMBER) == keyring.keyed_hash(ID_NUMBER)
