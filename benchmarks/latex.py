"""The text of a LaTeX source as headings, paragraphs and captions, with a gap where print cannot be foretold."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

GAP = "\0"  # mathematics, a citation, a reference, a macro of unknown print
CAPTION, NOTE, TEXT = -1, -2, 0
_LEVELS = {"chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 4}
_SHOWN = frozenset(
    """emph textbf textit texttt textsc textsf textrm textnormal textup textmd textsl underline uline mbox text hbox
    nolinkurl textquote enquote centering mathrm textsuperscript textsubscript""".split()
)
_SECOND = frozenset("textcolor href colorbox".split())  # the second argument is printed
_NOTHING = frozenset(
    """label vspace hspace thanks setlength footnotemark noindent xspace centering small footnotesize scriptsize tiny
    large Large normalsize maketitle appendix newpage clearpage bf it tt sc sf em rm itshape bfseries protect medskip
    smallskip bigskip pagebreak linebreak nolinebreak hfill vfill bibliography bibliographystyle appendixpage par
    sloppy raggedright makeatletter makeatother keywords title author date email affil index nocite smaller color
    FloatBarrier looseness begingroup endgroup input include twocolumn onecolumn nopagebreak allowbreak""".split()
)
_SIGNS = {
    "%": "%", "&": "&", "#": "#", "$": "$", "_": "_", "{": "{", "}": "}", ",": " ", ";": " ", " ": " ", "\n": " ",
    "/": "", "-": "", "\\": " ", "!": "", ":": " ", "@": "", "LaTeX": "LaTeX", "TeX": "TeX", "ldots": "…",
    "dots": "…", "textasciitilde": "~", "textless": "<", "textgreater": ">", "ss": "ß", "o": "ø", "O": "Ø",
    "ae": "æ", "aa": "å", "l": "ł", "i": "ı", "S": "§", "textendash": "–", "textemdash": "—", "quad": " ",
    "textbackslash": "\\", "slash": "/", "textquotesingle": "'", "textunderscore": "_", "qquad": " ",
}  # fmt: skip
_ACCENTS = dict(zip("'`^\"~=.", "\u0301\u0300\u0302\u0308\u0303\u0304\u0307", strict=True)) | {
    "c": "\u0327", "v": "\u030c", "H": "\u030b", "u": "\u0306", "r": "\u030a", "k": "\u0328",
}  # fmt: skip
_LEFT_OUT = re.compile(
    r"(?:sub)?(?:figure|table|float)|tabular|longtable|lstlisting|verbatim|algorithm|tikz|thebib|deluxe|keywords"
)
_CLASS = re.compile(r"\\documentclass\s*(?:\[[^]]*\])?\{(?!subfiles)")
_DISPLAY = re.compile(r"equation|align|eqnarray|gather|multline|displaymath|math$")


@dataclass(frozen=True)
class Block:
    """A heading (`level` 1 to 4, with its number), a paragraph (TEXT), a caption or a footnote."""

    level: int
    text: str
    number: str = ""


def blocks(folder: Path) -> list[Block]:
    """Read the source in a folder."""
    main = next(path for path in sorted(folder.rglob("*.tex")) if _CLASS.search(path.read_text("utf-8", "replace")))
    tex = _flatten(main, main.parent)
    reader = _Reader(_macros(tex))
    body = tex.partition("\\begin{document}")[2]
    reader.read(body.partition("\\end{document}")[0])
    reader.end()
    return reader.blocks


def _flatten(path: Path, folder: Path) -> str:
    tex = re.sub(r"(?<!\\)%.*\n?[ \t]*", "", path.read_text("utf-8", "replace"))
    if "\\begin{document}" in tex and not _CLASS.search(tex):
        tex = tex.partition("\\begin{document}")[2].partition("\\end{document}")[0]

    def replaced(match: re.Match[str]) -> str:
        for base in (folder, path.parent):
            for name in (match.group(1), f"{match.group(1)}.tex"):
                if (base / name).is_file():
                    return _flatten(base / name, folder)
        return ""

    return re.sub(r"\\(?:input|include|subfile)\s*\{([^}]*)\}", replaced, tex)


def _macros(tex: str) -> dict[str, tuple[int, str]]:
    """Return the author's own macros: number of arguments and what they stand for."""
    macros = {}
    pattern = r"\\(?:(?:re)?newcommand\*?\s*\{?\\(\w+)\}?\s*(?:\[(\d)\])?|def\s*\\(\w+))\s*(?=\{)"
    for match in re.finditer(pattern, tex):
        name = match.group(1) or match.group(3)
        if name not in _LEVELS and not name.startswith("app"):
            macros[name] = (int(match.group(2) or 0), _group(tex, match.end())[0])
    return macros


def _group(tex: str, at: int) -> tuple[str, int]:
    """Return (content, end) of the group in braces at `at`, or of the one character there."""
    while at < len(tex) and tex[at].isspace():
        at += 1
    if tex[at : at + 1] != "{":
        return tex[at : at + 1], at + 1
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.S).finditer(tex, at):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return tex[at + 1 : match.start()], match.end()
    return tex[at + 1 :], len(tex)


class _Reader:
    def __init__(self, macros: dict[str, tuple[int, str]]) -> None:
        self.macros = macros
        self.blocks: list[Block] = []
        self.chars: list[str] = []
        self.counts = [0, 0, 0]
        self.lettered = False

    def end(self, level: int = TEXT) -> None:
        """Close the paragraph."""
        text = "".join(self.chars).replace("``", "“").replace("''", "”")
        text = re.sub(r"-{3}", "—", text)
        text = re.sub(r"-{2}", "–", text).replace("`", "‘")
        self.chars = []
        if text.strip(GAP + " \n"):
            self.blocks.append(Block(level, text.strip()))

    def read(self, tex: str) -> None:
        at = 0
        while at < len(tex):
            char = tex[at]
            if char == "\\":
                at = self._macro(tex, at + 1)
            elif char == "$":
                close = tex.find("$$" if tex.startswith("$$", at) else "$", at + 2)
                at = len(tex) if close < 0 else close + (2 if tex.startswith("$$", at) else 1)
                self.chars.append(GAP)
            elif char == "\n" and (blank := re.compile(r"\n[ \t]*\n\s*").match(tex, at)):
                self.end()
                at = blank.end()
            else:
                self.chars.append(" " if char == "~" else "" if char in "{}" else char)
                at += 1

    def _macro(self, tex: str, at: int) -> int:
        match = re.compile(r"[a-zA-Z]+\*?|.", re.S).match(tex, at)
        if match is None:
            return at + 1
        name, at = match.group(), match.end()
        bare = name.rstrip("*")
        if bare.isalpha():
            at += len(tex[at:]) - len(tex[at:].lstrip(" \t")) if tex[at : at + 1] in " \t" else 0
        if name in _ACCENTS and (not name.isalpha() or tex[at : at + 1] == "{"):
            letter, at = _group(tex, at)
            self.chars.append(unicodedata.normalize("NFC", letter.replace("\\i", "i") + _ACCENTS[name]))
        elif bare in self.macros:
            count, body = self.macros[bare]
            for index in range(count):
                argument, at = _group(tex, at)
                body = body.replace(f"#{index + 1}", argument)
            self.read(body)
            if tex[at : at + 2] == "{}":
                at += 2
        elif bare in _LEVELS:
            at = self._heading(_LEVELS[bare], name.endswith("*"), tex, _optional(tex, at))
        elif bare in ("begin", "end"):
            at = self._environment(bare, tex, at)
        elif bare in ("footnote", "footnotetext"):
            note, at = _group(tex, _optional(tex, at))
            self._aside(note, NOTE)
        elif bare == "item":
            self.end()
            at = _optional(tex, at)
        elif name in ("(", "["):
            at = tex.find("\\)" if name == "(" else "\\]", at) + 2
            self.chars.append(GAP)
        else:
            at = self._printed(bare, tex, at)
        return at

    def _printed(self, name: str, tex: str, at: int) -> int:
        if name in _SIGNS:
            self.chars.append(_SIGNS[name])
            return at + 2 if tex[at : at + 2] == "{}" else at
        if name in _SECOND:
            at = _group(tex, at)[1]
        if name in _SHOWN or name in _SECOND:
            if tex[at : at + 1] == "{":
                content, at = _group(tex, at)
                # A label set before its paragraph: "**Data.** We …", "**Data**: We …".
                label = content[-1:] in (".", ":") or tex[at : at + 1] == ":"
                if name == "textbf" and label and not "".join(self.chars).strip():
                    self.blocks.append(Block(4, content.rstrip(".:")))
                    at += tex[at : at + 1] == ":"
                else:
                    self.read(content)
            return at
        if name == "appendix":
            self.lettered, self.counts = True, [0, 0, 0]
        if name not in _NOTHING:
            self.chars.append(GAP)
        before = -1
        while before != at:
            before = at
            at = _group(tex, at)[1] if tex[at : at + 1] == "{" else _optional(tex, at)
        return at

    def _aside(self, tex: str, level: int) -> None:
        held, self.chars = self.chars, []
        self.read(tex)
        self.end(level)
        self.chars = held

    def _heading(self, level: int, starred: bool, tex: str, at: int) -> int:
        title, at = _group(tex, at)
        self.end()
        number = ""
        if level <= 3 and not starred:
            self.counts[level - 1] += 1
            self.counts[level:] = [0] * (3 - level)
            first = chr(64 + self.counts[0]) if self.lettered else str(self.counts[0])
            number = ".".join([first, *map(str, self.counts[1:level])])
        self.read(title)
        text = "".join(self.chars).replace(GAP, "").strip()
        self.chars = []
        self.blocks.append(Block(level, text, number))
        return at

    def _environment(self, kind: str, tex: str, at: int) -> int:
        name, at = _group(tex, at)
        if kind == "end":
            if name not in ("center", "small"):
                self.end()
            return at
        close = tex.find(f"\\end{{{name}}}", at)
        after = len(tex) if close < 0 else close + len(name) + 6
        if _LEFT_OUT.match(name):
            for match in re.finditer(r"\\caption\s*(?:\[[^]]*\])?\s*(?=\{)", tex[at:close]):
                self._aside(_group(tex, at + match.end())[0], CAPTION)
            return after
        if _DISPLAY.match(name):
            self.chars.append(f" {GAP} ")
            return after
        if name in ("abstract", "acknowledgments", "acknowledgements"):
            self.end()
            self.blocks.append(Block(1, name.capitalize()))
        elif name != "document":
            self.end()
        return _optional(tex, at)


def _optional(tex: str, at: int) -> int:
    """Step over an argument in square brackets."""
    match = re.compile(r"[ \t]*\[[^][]*(?:\[[^]]*\][^][]*)*\]").match(tex, at)
    return match.end() if match else at
