r"""TeX in titles, names and abstracts to Unicode. Pure; what a command stands for comes from pylatexenc's tables.

`decode` reads text that is TeX (a field of BibTeX). `decode_traces` reads text of which nobody knows whether it is
(a title from arXiv or Crossref): there only what is TeX beyond doubt is taken for it, and "C:\new" stays.

pylatexenc's own converter is not used: it drops commands that it does not know together with what they say, raises
IndexError on some damaged input and recurses as deep as a stranger's braces go.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from synth.text.markup.scripts import lowered, raised

MAX_CHARACTERS = 100_000  # characters that are read
MAX_DEPTH = 60  # braces in braces; what lies deeper is taken without them
MAX_UNKNOWN = 5  # commands that are named
MAX_VERBATIM, MAX_BRACES = 400, 3  # tokens of an address or a piece of code, and braces in braces within it

# Accents as combining marks (The TeXbook, ch. 9; latex2e's `\r`, `\k`, T4's `\G`).
ACCENTS = {"`": 0x300, "'": 0x301, "^": 0x302, "~": 0x303, "=": 0x304, "u": 0x306, ".": 0x307, '"': 0x308}
ACCENTS |= {"r": 0x30A, "H": 0x30B, "v": 0x30C, "d": 0x323, "c": 0x327, "k": 0x328, "b": 0x331, "t": 0x361}
ACCENTS |= {"h": 0x309, "G": 0x30F, "U": 0x30E, "f": 0x311}
_MATH_ACCENTS = {"hat": 0x302, "widehat": 0x302, "bar": 0x304, "overline": 0x304, "tilde": 0x303, "widetilde": 0x303}
_MATH_ACCENTS |= {"dot": 0x307, "ddot": 0x308, "vec": 0x20D7, "check": 0x30C, "breve": 0x306, "acute": 0x301}
_MATH_ACCENTS |= {"grave": 0x300, "mathring": 0x30A, "not": 0x338, "underline": 0, "underbar": 0x331}
_DOTLESS = {"ı": "i", "ȷ": "j"}
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł"}
_LETTERS |= {"L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "SS": "ẞ"}
_LETTERS |= {"ng": "ŋ", "NG": "Ŋ", "imath": "ı", "jmath": "ȷ", "IJ": "Ĳ", "ij": "ĳ"}
_WORDS = {"LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "TeX": "TeX", "BibTeX": "BibTeX", "XeTeX": "XeTeX", "AmS": "AMS"}
_WORDS |= {"XeLaTeX": "XeLaTeX", "LuaTeX": "LuaTeX", "PDFTeX": "pdfTeX", "AMS": "AMS", "MF": "METAFONT"}
_WORDS |= {"eg": "e.g.", "ie": "i.e.", "etal": "et al."}
_SIGNS = {"degree": "°", "micro": "µ", "ohm": "Ω", "celsius": "°C", "permil": "‰", "perthousand": "‰", "textmu": "µ"}
_SIGNS |= {"textpermille": "‰", "textpm": "±", "texttimes": "×", "textdegree": "°", "textcelsius": "°C", "euro": "€"}
_SIGNS |= {"textapprox": "≈", "textunderscore": "_", "textbackslash": "\\", "textbraceleft": "{", "textless": "<"}
_SIGNS |= {"textbraceright": "}", "textgreater": ">", "textbar": "|", "textasciitilde": "~", "textasciicircum": "^"}
_SIGNS |= {
    "textquotesingle": "'",
    "textquotedbl": '"',
    "textasciigrave": "`",
    "textdollar": "$",
    "textperiodcentered": "·",
}
_SIGNS |= {
    "textsuperscript": "",
    "sim": "∼",
    "ast": "*",
    "star": "⋆",
    "cdot": "·",
    "prime": "′",
    "circ": "∘",
    "mid": "|",
}
_SIGNS |= {"colon": ":", "lbrace": "{", "rbrace": "}", "vert": "|", "Vert": "‖", "epsilon": "ε", "phi": "φ", "mu": "µ"}
_SIGNS |= {
    "slash": "/",
    "textslash": "/",
    "hyp": "-",
    "mbox": "",
    "textellipsis": "…",
    "ldots": "…",
    "dots": "…",
    "cdots": "⋯",
}
_SIGNS |= {"copyright": "©", "S": "§", "P": "¶", "pounds": "£", "yen": "¥", "dag": "†", "ddag": "‡", "checkmark": "✓"}
_SIGNS |= {"textquotedblleft": "“", "textquotedblright": "”", "textemdash": "—", "textendash": "–", "textsection": "§"}
_BLANKS = {" ": " ", "\n": " ", "\t": " ", "\r": " ", ",": "\u2009", ";": " ", ":": " ", "\\": " ", ">": " "}
_BLANKS |= {"quad": " ", "qquad": " ", "space": " ", "newline": " ", "linebreak": " ", "par": " ", "enspace": " "}
_BLANKS |= {"thinspace": "\u2009", "item": " ", "hfill": " ", "break": " ", "enskip": " ", "tabularnewline": " "}
_NOTHING = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr limits nolimits displaystyle textstyle protect noindent relax "
    "it bf rm sc tt sf sl em itshape bfseries scshape ttfamily sffamily upshape slshape rmfamily mdseries "
    "normalfont small footnotesize large Large LARGE huge tiny normalsize centering xspace allowbreak nobreak "
    "unskip ignorespaces maketitle nonumber selectfont boldmath unboldmath cal mathsurround null strut smallskip "
    "medskip bigskip".split()
)
_GONE = {"!": 0, "-": 0, "/": 0, "@": 0, "label": 1, "vspace": 1, "hspace": 1, "color": 1, "index": 1}
_GONE |= {
    "phantom": 1,
    "footnotemark": 0,
    "selectlanguage": 1,
    "bibitem": 1,
    "vskip": 0,
    "fontsize": 2,
    "hyphenation": 1,
}
# Commands that set their argument in another way; of several the number says which one is read.
_SHOWN = dict.fromkeys(
    "emph textit textbf textrm textsf texttt textsc textsl textmd textup textnormal textin text mbox hbox fbox "
    "makebox uppercase lowercase MakeUppercase MakeLowercase mathrm mathit mathbf mathsf mathtt mathcal mathscr "
    "mathfrak mathnormal boldsymbol bm pmb operatorname ensuremath underline uline sout so st hl enquote "
    "textsmaller smash mathop mathbin mathrel mathord mathopen mathclose textlarger hyphenatedname "
    "acl title uppercasesingleletter nocase textquote ac acs acf textnumero num unit si ce chemform textulc textsw "
    "centerline raggedright caption acro textls oldstylenums textgreek textcyrillic textlatin".split(),
    1,
)
_SHOWN |= {"href": 2, "textcolor": 2, "colorbox": 2, "foreignlanguage": 2, "bibinfo": 2, "texorpdfstring": 2}
_SHOWN |= {"scalebox": 2, "raisebox": 2, "resizebox": 3, "fcolorbox": 3, "parbox": 2}
_UNITS = {"metre": "m", "meter": "m", "second": "s", "gram": "g", "litre": "L", "liter": "L", "kelvin": "K"}
_UNITS |= {"hertz": "Hz", "volt": "V", "watt": "W", "joule": "J", "pascal": "Pa", "newton": "N", "mole": "mol"}
_UNITS |= {"ampere": "A", "minute": "min", "hour": "h", "day": "d", "percent": "%", "degreeCelsius": "°C", "per": "/"}
_UNITS |= {"nano": "n", "milli": "m", "kilo": "k", "mega": "M", "giga": "G", "centi": "c", "pico": "p", "square": ""}
_UNITS |= {"squared": "²", "cubed": "³", "kilogram": "kg", "electronvolt": "eV", "byte": "B", "bit": "bit"}
_CITES = re.compile(r"cite[a-zA-Z]*|ref|eqref|autoref|cref|Cref|nocite")
_NOTES = frozenset(["footnote", "footnotetext", "thanks"])
_VERBATIM = frozenset("url path nolinkurl burl verb lstinline".split())  # in braces or between two equal signs
_TOKEN = re.compile(r"\\(?:[a-zA-Z]+\*?|.)|\\\Z|\$\$?|[{}^_~]|---?|``|''|[?!]`|[^\\{}$^_~`'?!-]+|.", re.DOTALL)
_FIRST = re.compile(r"[\\${}~^_`'-]")
_TRACE = re.compile(r"[\\${}]")
_WORDLIKE = re.compile(r"\{([^\W_][\w.+/-]{0,40})\}")
_ESCAPED = re.compile(r"\\([%#_&~{}$^])")
_LENGTH = re.compile(r"\[\s*-?[\d.]+\s*[a-z]{2}\s*\]")
_FALLBACK = re.compile(r"\\[a-zA-Z]+\*?\s?|[{}\\$]")


def decode(text: str) -> tuple[str, list[str]]:
    """Decode TeX to Unicode; return the text and the commands that are unknown (what they enclose is kept)."""
    if not _FIRST.search(text):
        return text, []
    return _decode(text, True)


def decode_traces(text: str) -> str:
    """Return `text` with the TeX in it in Unicode, where there is any beyond doubt; all else as it is."""
    return _decode(text, False)[0] if _TRACE.search(text) else text


def _decode(text: str, strict: bool) -> tuple[str, list[str]]:
    reader = _Reader(text[:MAX_CHARACTERS], strict)
    try:
        decoded = reader.run()
    except RecursionError:  # deeper than MAX_DEPTH counts, by commands within commands
        return unicodedata.normalize("NFC", _FALLBACK.sub("", text[:MAX_CHARACTERS])), ["commands nested too deep"]
    return unicodedata.normalize("NFC", decoded), list(dict.fromkeys(reader.unknown))[:MAX_UNKNOWN]


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    """Map commands to characters, as far as they stand for fixed ones."""
    from pylatexenc.latex2text import get_default_latex_context_db

    db = get_default_latex_context_db()
    known: dict[str, str] = {}
    for category in db.categories():
        for macro in db.iter_macro_specs([category]):
            value = macro.simplify_repl
            if isinstance(value, str) and value and "%" not in value and "<" not in value and ":" not in value:
                known.setdefault(macro.macroname, value)
    for name in ("today", "\\", "and", "hint"):
        known.pop(name, None)
    return {**known, **_UNITS, **_SIGNS}


class _Reader:
    """One pass over the tokens of a text. `strict`: all of it is TeX."""

    def __init__(self, text: str, strict: bool) -> None:
        self.strict = strict
        self.unknown: list[str] = []
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self._depth = 0
        self._quotes = not strict and bool(re.search(r'\\"(?!\{?\\?[A-Za-z])', text))  # escaped ones, no umlauts
        self._tex = strict or bool(
            re.search(r"\\[a-zA-Z]|\\['`^\"~=.]\{?\\?[a-zA-Z]|\$[^$]*[\\^_{][^$]*\$|[a-z]\{?\\-\}?[a-z]|\d\\,\d", text)
        )
        self._paired = self._tex and "``" in text and "''" in text  # quotation marks of TeX

    def run(self) -> str:
        decoded = self._until("")
        while self._at < len(self._tokens):  # a brace too many
            self._at += 1
            decoded += ("" if self.strict else "}") + self._until("")
        return decoded

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _until(self, end: str, math: bool = False, before: str = "") -> str:
        """Read up to the token `end`, which is taken too; before a closing brace in any case. It is set
        behind `before`.
        """
        parts: list[str] = []
        while self._at < len(self._tokens):
            token = self._peek()
            if token == end and end:
                self._at += 1
                break
            if token == "}":
                break
            if piece := self._one(parts[-1] if parts else before, math):
                parts.append(piece)
        return "".join(parts)

    def _one(self, before: str, math: bool) -> str:
        """Read the next piece; `before` is what was set just before it."""
        token = self._next()
        if token == "{":
            return self._group(math)
        if token.startswith("$"):
            return self._dollars(token, before)
        if token.startswith("\\") and len(token) > 1:
            return self._command(token, before, math)
        if token in ("^", "_") and math:
            script = self._argument(math)
            return raised(before, script, True) if token == "^" else lowered(before, script)
        if math:
            return token.replace("'", "′") if token in ("'", "''") else token
        if not self.strict:
            if token in ("``", "''") and self._paired:
                return "“" if token == "``" else "”"
            return " " if token == "~" and self._tex else token
        return {"~": " ", "--": "–", "---": "—", "``": "“", "''": "”", "?`": "¿", "!`": "¡"}.get(token, token)

    def _group(self, math: bool) -> str:
        """Read what is in braces that were opened.

        Where nothing says that the text is TeX they stay, but around a word.
        """
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._depth -= 1
            return ""
        start = self._at
        content = self._until("", math)
        closed = self._peek() == "}"
        self._at += closed
        self._depth -= 1
        inner = "".join(self._tokens[start : self._at - closed])
        if self.strict or math or (closed and (_WORDLIKE.fullmatch(f"{{{inner}}}") or self._tex)):
            return content
        return "{" + content + "}" * closed

    def _argument(self, math: bool) -> str:
        """Read the argument of a command: a group, another command, or the next character."""
        while self._peek().isspace() and self._peek():
            self._at += 1
        token = self._peek()
        if not token or token == "}":
            return ""
        if token == "{":
            self._at += 1
            self._depth += 1
            content = self._until("", math) if self._depth <= MAX_DEPTH else ""
            self._at += self._peek() == "}"
            self._depth -= 1
            return content
        if token.startswith("\\") and len(token) > 1:
            return self._one("", math)
        stripped = token.lstrip()
        self._tokens[self._at] = stripped[1:]
        if not stripped[1:]:
            self._at += 1
        return stripped[:1]

    def _optional(self) -> str:
        """Skip […] behind a command, and return it."""
        ahead = self._peek()
        if ahead.startswith("[") and "]" in ahead:
            inner, _, behind = ahead[1:].partition("]")
            self._put_back(behind)
            return inner
        return ""

    def _put_back(self, text: str) -> None:
        """Go on with the rest of the token that is read, or behind it if nothing is left."""
        self._tokens[self._at] = text
        self._at += not text

    def _dollars(self, token: str, before: str) -> str:
        """Read a formula between two dollars, or a dollar."""
        end = next(
            (n for n in range(self._at, min(len(self._tokens), self._at + 400)) if self._tokens[n] == token), None
        )
        inner = "".join(self._tokens[self._at : end]) if end is not None else ""
        if end is None or not self._is_formula(inner):
            return token
        known, start = len(self.unknown), self._at
        ahead = self._tokens
        self._tokens = ahead[:end]
        content = self._until("", math=True, before=before)
        while self._at < end:
            self._at += 1
            content += self._until("", math=True)
        self._tokens, self._at = ahead, end + 1
        if len(self.unknown) > known and "commands nested too deep" not in self.unknown:
            return f"{token}{''.join(ahead[start:end])}{token}"  # a formula that is not understood stays one
        return " ".join(content.split()) if content.strip() else content[:1]

    def _is_formula(self, inner: str) -> bool:
        """Return True if this stands between dollars that belong together: not in "for $5 or $10"."""
        if len(inner) > 400 or not inner.strip() or inner.count("{") != inner.count("}"):
            return not inner and self.strict
        if re.search(r"\\[a-zA-Z]|\\[%,;]", inner):
            return True
        if inner[0].isspace() or inner[-1].isspace():
            return False
        if re.search(r"[\^_]", inner) or re.fullmatch(
            r"[A-Za-z](?:\([\w, +-]{1,9}\))?'*|[\d.,]+|[A-Za-z0-9]?[-+=<>][\w.]*", inner
        ):
            return True
        return (
            self.strict
            and len(inner) <= 40
            and bool(re.fullmatch(r"[\w\s.,;:=<>+*/()\[\]|!{}-]+", inner))
            and not inner[0].isdigit()
        )

    def _command(self, token: str, before: str, math: bool) -> str:
        name = token[1:].removesuffix("*") if token[1].isalpha() else token[1:]
        if name in ACCENTS and not (math and name in "=.~u"):
            if (letter := self._accented(name, before)) is not None:
                return letter
            return token[1:] if self.strict or name in "\"'`" else token
        if not name[0].isalpha():
            return self._control_sign(name, token, math)
        if name in _LETTERS:
            self._skip_blank()
            return _LETTERS[name]
        special = self._setting(name, math, before)
        if special is not None:
            return special
        value = _WORDS.get(name) or _symbols().get(name)
        if value is not None:
            # Blanks behind a command are eaten by TeX, and missed by readers behind a word or an operator.
            if (name.startswith("text") or name in _UNITS) or (math and len(value) == 1 and value.isalpha()):
                self._skip_blank()
            elif self._peek() == "{" and self._tokens[self._at + 1 : self._at + 2] == ["}"]:
                self._at += 2
            return value
        if self.strict or math:
            self.unknown.append(token)
            self._skip_blank()
            self._optional()
            return ""
        if self._peek() == "{":
            self._at += 1
            return f"{token}{{{self._until('')}"
        return token

    def _setting(self, name: str, math: bool, before: str) -> str | None:
        """Read a command that says how its arguments are set; None for any other."""
        if name in ("textsuperscript", "textsubscript", "sp", "sb", "up"):
            script = self._argument(math)
            return lowered(before, script) if name in ("textsubscript", "sb") else raised(before, script, True)
        if name in _BLANKS or name in _NOTHING:
            self._skip_blank()
            return _BLANKS.get(name, "")
        if name in ("begin", "end"):
            self._argument(math)
            return " "
        if name in _VERBATIM:
            return self._verbatim()
        if name in _NOTES:
            return self._note(name)
        if name in _GONE or _CITES.fullmatch(name):
            if name.startswith("cite"):
                self.unknown.append(f"\\{name}")  # what it says is left out
            self._optional()
            for _ in range(_GONE.get(name, 1)):
                self._argument(math)
            return ""
        if name in ("frac", "dfrac", "tfrac", "nicefrac", "sfrac", "textfrac", "cfrac"):
            return "/".join(_whole(self._argument(math)) for _ in range(2))
        if name in ("sqrt", "surd"):
            self._optional()
            return f"√{_whole(self._argument(math))}"
        if name == "mathbb":
            return "".join(_double_struck(c) for c in self._argument(math))
        if name in ("SI", "qty", "SIrange"):
            self._optional()
            return "\u00a0".join(self._argument(math) for _ in range(3 if name == "SIrange" else 2))
        if name in _MATH_ACCENTS:
            inner = self._argument(True)
            mark = _MATH_ACCENTS[name]
            return unicodedata.normalize("NFC", inner + chr(mark)) if mark and len(inner) == 1 else inner
        if name in _SHOWN:
            self._optional()
            shown = [self._argument(math or name == "ensuremath") for _ in range(_SHOWN[name])][-1]
            return f"“{shown}”" if name in ("enquote", "textquote") else shown
        return None

    def _verbatim(self) -> str:
        """Read what a command sets letter by letter: in braces, or up to the next of the sign behind the command."""
        self._skip_blank()
        start, first = self._at, self._peek()
        if not first or first[0].isalnum():
            return ""
        self._tokens[start] = first[1:]
        end = "}" if first[0] == "{" else first[0]
        letters, depth = "", 0
        for at in range(start, min(len(self._tokens), start + MAX_VERBATIM)):
            token = self._tokens[at]
            head, closed, tail = (token, "", "") if token.startswith("\\") else token.partition(end)
            letters += head
            depth += token == "{" and end == "}"
            if closed and depth == 0:
                self._at = at
                self._put_back(tail)
                return _ESCAPED.sub(r"\1", letters)
            letters += closed
            depth -= bool(closed)
            if depth > MAX_BRACES:
                break
        self._tokens[start] = first  # nothing closes it: the text goes on as any other
        return ""

    def _note(self, name: str) -> str:
        """Set a note in brackets where its mark stood; thanks in a text known to be TeX are named and left out."""
        self._optional()
        inner = " ".join(self._argument(False).split())
        if self.strict and name == "thanks":
            self.unknown.append("\\thanks")
            return ""
        return f" ({inner.removesuffix('.')})" if inner else ""

    def _control_sign(self, name: str, token: str, math: bool) -> str:
        if name in "&%$#_{}|":
            return {"|": "‖"}.get(name, name) if math else name
        if name in "()[]" and (math or self.strict or name == "("):
            return self._bracketed_formula(name)
        if self.strict or self._tex or name == ",":
            if name == "\\" and _LENGTH.match(self._peek()):
                self._optional()
            if name in _BLANKS:
                return _BLANKS[name]
            if name in _GONE:
                return ""
        if self.strict:
            return name
        return token

    def _bracketed_formula(self, name: str) -> str:
        r"""Read what is between \( and \)."""
        end = "\\" + {"(": ")", "[": "]"}.get(name, "")
        if name in ")]" or end not in self._tokens[self._at : self._at + 400]:
            return "" if self.strict else f"\\{name}"
        return self._until(end, math=True).strip()

    def _accented(self, accent: str, before: str) -> str | None:
        r"""Read the next letter with the accent; None where this is none ("don\'t", \"quoted\")."""
        following = self._peek()
        letter = accent.isalpha()
        if letter and not (following.startswith(("{", "\\")) or following[:1].isspace()):
            return None
        if (
            letter
            and not self.strict
            and not re.match(r"\{" if accent in "tbfhGUr" else r"\{|\s+[A-Za-z]|\\[ij]\Z", following)
        ):
            return None  # "\t" may be a tabulator
        if not self.strict:
            if accent == '"' and self._quotes:
                return None
            if accent == "'" and before[-1:].isalpha() and re.match(r"[st](?!\w)", following):
                return None
        if accent == "'" and before[-1:].isalpha() and re.match(r"t(?!\w)", following):
            return None
        start = self._at
        if not (letter or following.startswith(("{", "\\")) or following[:1].isalpha()):
            return None
        base = self._argument(False)
        if base[:1] in _DOTLESS and accent not in "dckb":
            base = _DOTLESS[base[0]] + base[1:]
        if not base.strip():
            return "" if self._at > start and self.strict else None
        return unicodedata.normalize("NFC", base[0] + chr(ACCENTS[accent])) + base[1:]

    def _skip_blank(self) -> None:
        """Skip the blanks behind a command, or its empty braces."""
        following = self._peek()
        if following == "{" and self._tokens[self._at + 1 : self._at + 2] == ["}"]:
            self._at += 2
        elif following[:1].isspace():
            self._tokens[self._at] = following.lstrip()


def _whole(text: str) -> str:
    return text if re.fullmatch(r"\w+(?:[.,]\d+)?", text) else f"({text})"


def _double_struck(letter: str) -> str:
    try:
        return unicodedata.lookup(f"DOUBLE-STRUCK CAPITAL {letter.upper()}") if letter.isupper() else letter
    except KeyError:
        return letter
