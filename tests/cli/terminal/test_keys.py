"""Keys one by one, from what a terminal gives at once."""

from __future__ import annotations

import pytest

from synth.cli.terminal.keys import BACKSPACE, ENTER, ESCAPE, OTHER, Keys


def pressed(*bursts):
    waiting = list(bursts)
    return Keys(lambda: waiting.pop(0) if waiting else "")


@pytest.mark.parametrize(
    ("burst", "keys"),
    [
        ("ie", ["i", "e"]),
        ("\r\n", [ENTER, ENTER]),
        ("\x7f", [BACKSPACE]),
        ("\x1b", [ESCAPE]),
        ("\x1b[A", [OTHER]),
        ("\x1b[Aq", [OTHER, "q"]),  # what was pressed right after an arrow is not lost
        ("\x1bOPi\x1b[15~\x1bx", [OTHER, "i", OTHER, OTHER]),
        ("\x1b\x1b", [ESCAPE, ESCAPE]),
        ("i" * 9, [OTHER]),
        ("é\x01", ["é", OTHER]),
    ],
)
def test_keys(burst, keys):
    one = pressed(burst)
    assert [one.next() for _ in keys] == keys
    with pytest.raises(EOFError):
        one.next()


def test_a_text_may_be_pasted():
    one = pressed("a long reason")
    assert "".join(one.next(pasting=True) for _ in range(13)) == "a long reason"


def test_ways_out():
    with pytest.raises(KeyboardInterrupt):
        pressed("\x03").next()
    with pytest.raises(EOFError):
        pressed("\x04").next()
    with pytest.raises(KeyboardInterrupt):
        escaped = pressed("\x1b\x03")
        assert escaped.next() == ESCAPE
        escaped.next()


def test_what_was_pressed_too_early_is_forgotten():
    one = pressed("iii", "q")
    one.next()
    one.forget()
    assert one.next() == "q"
