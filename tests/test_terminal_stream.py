"""What a terminal would obey is shown, in JSON as the same text."""

import io
import json

import pytest

from civictag.cli import run
from civictag.util.terminal import TerminalStream, harmless

OBEYED = ["\x1b]0;x\x07", "\x9b31m", "\u202egnp.exe", "\x00", "\x7f", "\u2066", "\x1b[2J"]


@pytest.mark.parametrize("sign", OBEYED)
def test_it_is_shown_and_not_obeyed(sign):
    shown = io.BytesIO()
    stream = TerminalStream(shown)
    text = f"志愿者{sign}打扫\t楼道\n"
    for byte in json.dumps(text, ensure_ascii=False).encode():  # a character may come in pieces
        stream.write(bytes([byte]))
    stream.flush()
    assert harmless(shown.getvalue().decode(), lines=True)
    assert json.loads(shown.getvalue()) == text
    assert not harmless(sign)


def test_all_else_stays():
    shown = io.BytesIO()
    TerminalStream(shown).write("一，\u3000二\t三\r\n😀é\u200b".encode())
    assert shown.getvalue().decode() == "一，\u3000二\t三\r\n😀é\u200b"


WRONG = [("tag", "--colour{}"), ("tag", "a.txt", "-j", "{}"), ("tag", "a.txt", "-f", "{}"), ("stats{}",),
         ("serve", "--port", "{}"), ("--{}",), ("labels", "{}x", "y")]  # fmt: skip


@pytest.mark.parametrize("command", WRONG, ids=lambda command: " ".join(command))
@pytest.mark.parametrize("sign", [sign for sign in OBEYED if sign != "\x00"])
def test_a_wrong_command_is_repeated_unobeyed(command, sign, capfd):
    assert run([part.format(sign) for part in command]) in (1, 2)
    said = capfd.readouterr().err
    assert said.strip()
    assert harmless(said, lines=True)
