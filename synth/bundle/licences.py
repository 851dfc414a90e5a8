"""Licences of PDFs: may one be passed on, as far as that is known? Pure.

* What the project wrote itself (the digests of the demo) is under its own licence.
* "Materials published in or after 2016 are licensed on a Creative Commons Attribution 4.0 International License"
  (ACL Anthology, at the foot of each of its pages) holds for ACL's own meetings and journals; other publishers'
  meetings in the Anthology (LREC, for one) have licences of their own and are not taken for it.
* Everything else is not known, so it is not passed on.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from synth.store.rows.searches import PaperView

OWN = "https://www.gnu.org/licenses/agpl-3.0.html"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_NEW = re.compile(r"(\d{4})\.(?:acl|emnlp|naacl|eacl|aacl|findings|tacl|cl)-[a-z0-9]+\.\d+")
_OLD = re.compile(r"[PNDEQJ](\d{2})-\d{4}")


def licence(paper: PaperView) -> str:
    """Return the address of the licence under which the PDF of `paper` may be passed on, or ""."""
    if paper.found_in == "demo":
        return OWN
    # The file must be the Anthology's own, not the same work from somewhere else.
    if not paper.acl_id or PurePath(paper.pdf_path).name != f"{paper.acl_id}.pdf":
        return ""
    if match := _NEW.fullmatch(paper.acl_id):
        return CC_BY if int(match[1]) >= 2016 else ""
    if match := _OLD.fullmatch(paper.acl_id):
        return CC_BY if 16 <= int(match[1]) < 60 else ""
    return ""
