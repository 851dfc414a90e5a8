"""Single keys from a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

MAX_BURST = 8  # characters that arrive at once: more were pasted, not typed
ENTER, BACKSPACE, ESCAPE, OTHER = "enter", "backspace", "escape", "other"
# An arrow or a function key (ECMA-48, 5.4; SS3), a key with Alt, or a single character.
_KEY = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[ -~])|.", re.DOTALL)
_NAMED = {"\r": ENTER, "\n": ENTER, "\x7f": BACKSPACE, "\b": BACKSPACE, "\x1b": ESCAPE}


class Keys:
    """Keys one by one. `read` gives what arrived, an empty text at the end; `flush` drops what nobody has read."""

    def __init__(self, read: Callable[[], str], flush: Callable[[], None] = lambda: None) -> None:
        self._read, self._flush = read, flush
        self._waiting: deque[str] = deque()

    def next(self, pasting: bool = False) -> str:
        """Return a character, or one of ENTER, BACKSPACE, ESCAPE, OTHER: arrows and the like, and what was pasted.

        While a text is typed it may be pasted too: `pasting` gives its characters.

        Raises KeyboardInterrupt for Ctrl-C, EOFError for Ctrl-D or when the terminal is gone.
        """
        if not self._waiting:
            self._fill(pasting)
        key = self._waiting.popleft()
        if key == "\x03":
            raise KeyboardInterrupt
        if key == "\x04":
            raise EOFError
        return _NAMED.get(key, key if key == OTHER or key.isprintable() else OTHER)

    def forget(self) -> None:
        """Drop what was pressed and not read: it was not meant for what is shown next."""
        self._waiting.clear()
        self._flush()

    def _fill(self, pasting: bool) -> None:
        burst = self._read()
        if not burst:
            raise EOFError
        keys = _KEY.findall(burst)
        if len(keys) > MAX_BURST and not pasting:
            keys = [OTHER]  # nobody decides so many works in a moment
        self._waiting.extend(OTHER if len(key) > 1 else key for key in keys)


@contextmanager
def listening() -> Iterator[Keys]:
    """Provide the keys of this process's terminal, which gives them one by one and unseen meanwhile."""
    try:
        import termios
        import tty
    except ImportError:  # a system without them
        import typer

        yield Keys(typer.getchar)
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)

    def read() -> str:
        try:
            return os.read(terminal, 1024).decode("utf-8", "replace")
        except OSError:  # the terminal is gone
            return ""

    try:
        tty.setcbreak(terminal)
        # Ctrl-C comes as a key: as a signal it would be lost in a process that was started with signals ignored.
        mode = termios.tcgetattr(terminal)
        mode[3] &= ~termios.ISIG
        termios.tcsetattr(terminal, termios.TCSANOW, mode)
        yield Keys(read, lambda: termios.tcflush(terminal, termios.TCIFLUSH))
    finally:
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
