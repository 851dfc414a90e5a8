"""Mutated files of references: records and warnings, or a refusal."""

from __future__ import annotations

import random
from pathlib import Path

from synth.core.errors import SynthError
from synth.sources.providers.references import read_references
from tests.attack import mutations
from tests.attack.tally import Tally

BIBTEX = r"""@string{acl = "Annual Meeting of the " # "ACL"}
@inproceedings{one, title = {A {Study} of {\'e}tudes and na{\"\i}ve \emph{transfer}}, author = {Test{\'o}v{\'a}, Ana and
van der Berg, Jan and others}, booktitle = acl, year = 2020, doi = {10.5555/one.1}, url = {https://example.org/a_b}}
@article{two, title = "Second " # "study of retrieval", author = "Bo Author", journal = {arXiv preprint
arXiv:2005.13013}, month = jun, year = {2021}, note = {5\,\textmu m, 20\textdegree}}
"""
RIS = """TY  - JOUR
TI  - A study of transfer
AU  - Testova, Ana
AU  - Berg, Jan
PY  - 2020/05/01
DO  - 10.5555/ris.1
AB  - We study it.
ER  -

TY  - CONF
T1  - Another study
A1  - Author, Bo
Y1  - 2021
UR  - https://doi.org/10.5555/ris.2
ER  -
"""
CSL = """[{"id": "a", "type": "article-journal", "title": "A study of H<sub>2</sub>O", "DOI": "10.5555/csl.1",
"author": [{"family": "Berg", "given": "Jan", "dropping-particle": "van"}], "issued": {"date-parts": [[2020, 5]]}},
{"id": "b", "type": "paper-conference", "title": "Second", "author": [{"literal": "The Group"}],
"issued": {"raw": "2021"}}]
"""
FORMS = {".bib": BIBTEX, ".ris": RIS, ".json": CSL}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252")


def files(folder: Path, number: int, seed: int) -> Tally:
    """Read damaged files of every form, in several encodings."""
    tally = Tally("reference files", "records with warnings, or a refusal that says what to do")
    folder.mkdir(parents=True)
    with tally.timed():
        for index in range(number):
            draw = random.Random(f"{seed} {index}")
            suffix = list(FORMS)[index % len(FORMS)]
            content = FORMS[suffix].encode(draw.choice(ENCODINGS), "replace")
            ways = [*mutations.TEXT.values()]
            if suffix == ".json" and draw.random() < 0.5:
                content, ways = FORMS[suffix].encode(), [mutations.restructured]
            path = folder / f"{index}{suffix}"
            path.write_bytes(draw.choice(ways)(content, draw))
            try:
                records, warnings = read_references((path,))
            except SynthError as error:
                tally.add("refused" if error.do else "refused without a remedy")
            except Exception as error:
                tally.fault(f"{path.name}: {type(error).__name__}: {error}")
            else:
                tally.add("read with warnings" if warnings else "read")
                if not all(record.title.strip() for record in records):
                    tally.fault(f"{path.name}: a record without a title")
    return tally
