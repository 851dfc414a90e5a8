"""Command groups with a command that is meant where none is named: `synth runs` is `synth runs list`."""

from __future__ import annotations

import typer
from typer.core import TyperGroup


class WithDefault(TyperGroup):
    """A group in which what is no command of it is an argument or option of its default command."""

    default = ""

    @classmethod
    def called(cls, default: str) -> type[WithDefault]:
        """Return a group whose default command is called so."""
        return type("WithDefault", (cls,), {"default": default})

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the default command before arguments that name none; `--help` stays the group's."""
        if (not args or args[0] not in self.commands) and args[:1] not in (["--help"], ["-h"]):
            args = [self.default, *args]
        return super().parse_args(ctx, args)
