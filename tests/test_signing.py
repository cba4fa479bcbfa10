"""Signed models: by this key, unchanged; and nobody who does not ask is bothered."""

import os
import shutil

import pytest

from civictag.cli import run

pytest.importorskip("cryptography")


@pytest.fixture
def command(capfd):
    """Run civictag in this process: (exit code, output, messages)."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        return code, *capfd.readouterr()

    return call


@pytest.fixture
def signed(command, small_model, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(small_model, folder)
    for name in ("ours", "theirs"):
        assert command("models", "new-key", tmp_path / name)[0] == 0
    assert command("models", "sign", folder, "--key", tmp_path / "ours")[0] == 0
    return folder


def test_a_signed_model_is_known_by_its_key(command, signed, tmp_path):
    assert os.stat(tmp_path / "ours").st_mode & 0o077 == 0
    code, out, _ = command("models", "verify", signed, "--key", tmp_path / "ours.pub")
    assert (code, "signed with this key" in out) == (0, True)
    code, _, err = command("models", "verify", signed, "--key", tmp_path / "theirs.pub")
    assert (code, "was not signed with this key" in err) == (1, True)


def test_a_model_that_changed_since_is_refused(command, signed, tmp_path):
    path = signed / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('"version": "3"', '"version": "4"'), "utf-8")
    code, _, err = command("models", "verify", signed, "--key", tmp_path / "ours.pub")
    assert code == 1
    assert "manifest" in err


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff" * 100, b"AAAA"], ids=range(4))
def test_a_damaged_signature(command, signed, tmp_path, damage):
    (signed / "manifest.sig").write_bytes(damage)
    code, _, err = command("models", "verify", signed, "--key", tmp_path / "ours.pub")
    assert (code, len(err.splitlines())) == (1, 1)
    assert command("models", "verify", signed)[0] == 0


def test_what_is_no_key_and_what_is_not_signed(command, signed, small_model, tmp_path):
    for key in (signed / "words.txt", tmp_path / "ours", tmp_path / "none"):
        code, _, err = command("models", "verify", signed, "--key", key)
        assert (code, len(err.splitlines())) == (1, 1)
    code, _, err = command("models", "verify", small_model, "--key", tmp_path / "ours.pub")
    assert (code, "is not signed" in err) == (1, True)


def test_a_key_is_never_overwritten(command, signed, tmp_path):
    before = (tmp_path / "ours").read_bytes()
    assert command("models", "new-key", tmp_path / "ours")[0] == 1
    assert (tmp_path / "ours").read_bytes() == before


def test_a_key_whose_making_was_ended_half_way_is_completed(command, signed, tmp_path):
    """Killed between the two files: the private key stays, and gets the public one that belongs to it."""
    private = (tmp_path / "ours").read_bytes()
    public = (tmp_path / "ours.pub").read_bytes()
    (tmp_path / "ours.pub").unlink()
    assert command("models", "new-key", tmp_path / "ours")[0] == 0
    assert ((tmp_path / "ours").read_bytes(), (tmp_path / "ours.pub").read_bytes()) == (private, public)
    code, _, err = command("models", "new-key", tmp_path / "ours")
    assert (code, "never overwritten" in err) == (1, True)


def test_what_is_no_key_is_not_completed(command, tmp_path):
    (tmp_path / "notes").write_text("x", "utf-8")
    code, _, err = command("models", "new-key", tmp_path / "notes")
    assert (code, "is not an Ed25519 key" in err) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes"]
