"""Single keys from a terminal."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

LONGEST_BURST = 8  # characters that arrive at once: more were pasted, not typed
ENTER, BACKSPACE, ESCAPE, OTHER = "enter", "backspace", "escape", "other"
_NAMED = {"\r": ENTER, "\n": ENTER, "\x7f": BACKSPACE, "\b": BACKSPACE, "\x1b": ESCAPE}


class Keys:
    """Keys one by one. `read` gives what arrived, as `typer.getchar` does."""

    def __init__(self, read: Callable[[], str] | None = None) -> None:
        if read is None:
            import typer

            read = typer.getchar
        self._read = read
        self._waiting: deque[str] = deque()

    def next(self) -> str:
        """A character, or one of ENTER, BACKSPACE, ESCAPE, OTHER (arrows and the like, and what was pasted).

        Raises KeyboardInterrupt for Ctrl-C, EOFError for Ctrl-D or when the terminal is gone.
        """
        if not self._waiting:
            self._fill()
        key = self._waiting.popleft()
        if key == "\x03":
            raise KeyboardInterrupt
        if key == "\x04":
            raise EOFError
        return _NAMED.get(key, key if key == OTHER or key.isprintable() else OTHER)

    def _fill(self) -> None:
        burst = self._read()
        if not burst:
            raise EOFError
        if (burst[0] == "\x1b" and len(burst) > 1) or burst[0] in "\x00\xe0":
            self._waiting.append(OTHER)  # an arrow or a function key
        elif len(burst) > LONGEST_BURST:
            self._waiting.append(OTHER)  # pasted: nobody decides so many works in a moment
        else:
            self._waiting.extend(burst)
