"""HTML, JATS and MathML in titles and abstracts to plain characters; entities resolved, however often escaped.

Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from synth.text.markup.scripts import lowered, raised

TIMES = 3  # "&amp;amp;lt;" is resolved; whatever is escaped more often is meant so

# Tags that part words; of the others what stands before and behind belongs together.
_PARTING = frozenset(
    "p br div li ul ol dl dt dd tr td th table h1 h2 h3 h4 h5 h6 hr sec title section article blockquote list list- "
    "item label para abstract head body html tbody thead caption fig pre break abstracttext disp-formula header "
    "footer disp-quote script style alternatives".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em emphasis font i img inf ins kbd mark monospace named-content "
    "nobr q roman s samp sc scp small smallcaps span sans-serif strike strong styled-content sub sup tt u underline "
    "overline var wbr xref ext-link email uri inline-formula inline-graphic fn italic bold inline-supplementary- "
    "material tex-math math mi mn mo mrow mtext msub msup msubsup mfrac msqrt mroot mover munder munderover mstyle "
    "mspace mfenced mpadded semantics annotation annotation-xml mtable mtr mtd object iframe embed svg input form "
    "link meta base applet video audio".split()
)
_ATTRIBUTES = r"(?:\s+[\w:.-]{1,60}(?:\s*=\s*(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'|[^\s\"'<>=`]{1,300}))?){0,20}"
_TAG = re.compile(rf"<(/?)([a-zA-Z][\w.:-]{{0,40}})({_ATTRIBUTES})\s*(/?)>")
_PREFIX = r"(?:[\w-]{1,20}:)?"
_MATH = (re.compile(rf"<{_PREFIX}math\b[^<>]*>", re.IGNORECASE), re.compile(rf"</{_PREFIX}math\s*>", re.IGNORECASE))
_TEX = (
    re.compile(rf"<{_PREFIX}tex-math\b[^<>]*>", re.IGNORECASE),
    re.compile(rf"</{_PREFIX}tex-math\s*>", re.IGNORECASE),
)
_PREAMBLE = (re.compile(r"\\documentclass"), re.compile(r"\\begin\{document\}"))
_COMMENT = (re.compile("<!--"), re.compile("-->"))
_HIDDEN = tuple(
    (re.compile(rf"<{name}\b[^<>]*>", re.IGNORECASE), re.compile(rf"</{name}\s*>", re.IGNORECASE))
    for name in ("script", "style")
)
_SCRIPTS = {"sub": lowered, "inf": lowered, "sup": raised}
_LABEL_END = re.compile(r"[\w.:;]\Z")


def without_markup(text: str) -> str:
    """Return `text` without tags, its entities resolved. What is less than and greater than stays."""
    for _ in range(TIMES):
        before = text
        if "<" in text:
            text = _untagged(text)
        if "&" in text:
            text = html.unescape(text)
        if text == before or not ("<" in text or "&" in text):
            break
    return text


def _untagged(text: str) -> str:
    if "math" in text:
        if _MATH[0].search(text):
            text = _replaced(text, _TEX, lambda match: " ")
        text = _replaced(text, _MATH, _formula)
        text = _replaced(text, _PREAMBLE, lambda match: "").replace(r"\end{document}", "")
    for pair in (_COMMENT, *_HIDDEN):
        text = _replaced(text, pair, lambda match: " ")
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    closing = {_local(name) for name in re.findall(r"</\s*([\w.:-]{1,41})\s*>", text)}
    parts: list[str] = []
    scripts: list[tuple[str, int]] = []  # open <sub> and <sup>, each with where its text begins in `parts`
    end = 0
    for match in _TAG.finditer(text):
        slash, name, attributes = match[1], _local(match[2]), match[3]
        if not _is_markup(name, match[2], attributes, match[4], closing):
            continue
        parts.append(text[end : match.start()])
        end = match.end()
        if name in _SCRIPTS:
            _script(name, bool(slash), parts, scripts)
        elif name in _PARTING or name not in _INLINE:
            parts.append(" ")
        elif slash and name in ("b", "strong", "bold") and re.match(r"[A-Z]", text[end : end + 1]):
            parts.append(" " if _LABEL_END.search(parts[-1]) else "")  # <b>Background</b>We
    return "".join([*parts, text[end:]])


def _replaced(text: str, pair: tuple[re.Pattern[str], re.Pattern[str]], make: Callable[[str], str]) -> str:
    """Replace each stretch of `text` from an opening to the next closing mark."""
    opening, closing = pair
    parts, end = [], 0
    while (start := opening.search(text, end)) and (stop := closing.search(text, start.end())):
        parts += [text[end : start.start()], make(text[start.start() : stop.end()])]
        end = stop.end()
    return "".join([*parts, text[end:]])


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _is_markup(name: str, whole: str, attributes: str, alone: str, closing: set[str]) -> bool:
    """Return True if this is a tag: "a<b and c>d" has none, nor has "List<String>"."""
    if name not in _PARTING and name not in _INLINE:
        return ":" in whole or name in closing or bool(alone) or "=" in attributes
    return not attributes.strip() or "=" in attributes


def _script(name: str, closes: bool, parts: list[str], scripts: list[tuple[str, int]]) -> None:
    """Note where a <sub> or <sup> begins; at its end set what is in it behind what stands before."""
    if not closes:
        scripts.append((name, len(parts)))
        return
    if not scripts or scripts[-1][0] != name:
        return
    _, start = scripts.pop()
    inner = "".join(parts[start:])
    del parts[start:]
    before = next((part for part in reversed(parts) if part), "").rstrip("}")
    parts.append(_SCRIPTS[name](before, html.unescape(inner)))


def _formula(text: str) -> str:
    """Return a MathML formula on one line; without its tags where it is no XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    bare = re.sub(r"<(/?)[\w-]+:", r"<\1", html.unescape(text) if "&amp;" in text else text)
    bare = re.sub(r"&(?!(?:lt|gt|amp|quot|apos|#)\b)(\w+);", lambda match: html.unescape(match[0]), bare)
    try:
        root = etree.fromstring(bare.encode(), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return " "
    return " ".join(_set(root, 0).split())


def _set(node: Any, depth: int) -> str:
    """Return an element of MathML as characters."""
    if not isinstance(node.tag, str) or depth > 40:
        return ""
    tag = node.tag.rpartition("}")[2].lower()
    if tag.startswith("annotation"):
        return ""
    children = [_set(child, depth + 1) for child in node]
    if tag in ("msup", "mover") and len(children) == 2:
        return children[0] + raised(children[0], children[1], True)
    if tag in ("msub", "munder") and len(children) == 2:
        return children[0] + lowered(children[0], children[1])
    if tag in ("msubsup", "munderover") and len(children) == 3:
        base = children[0] + lowered(children[0], children[1])
        return base + raised(base, children[2], True)
    if tag == "mfrac" and len(children) == 2:
        return "/".join(part if re.fullmatch(r"\w+", part) else f"({part})" for part in children)
    if tag == "msqrt":
        inner = "".join(children)
        return f"√{inner}" if len(inner) == 1 else f"√({inner})"
    if tag == "mspace":
        return " "
    text = (
        " ".join((node.text or "").split()) if tag in ("mi", "mn", "mtext", "mo", "ms") else (node.text or "").strip()
    )
    if tag == "mtext" and node.text:
        text = re.sub(r"\s+", " ", node.text)
    tails = "".join(child + (part.tail or "").strip() for child, part in zip(children, node, strict=True))
    return text + tails
