"""Reading: from a PDF to passages whose quotes can be found again, character by character.

PDFs are hostile until read: PyMuPDF and the whole layout analysis run in a child process with limits on memory,
processor time and wall-clock time (`guard`). Importing this package loads neither PyMuPDF nor the layout modules.
"""

from __future__ import annotations

from synth.pdf.guard import (
    Limits,
    Quotes,
    crop_quotes,
    page_text,
    read_pdf,
    read_pdfs,
    verify_files,
    verify_quote,
    verify_quotes,
)

__all__ = [
    "Limits",
    "Quotes",
    "crop_quotes",
    "page_text",
    "read_pdf",
    "read_pdfs",
    "verify_files",
    "verify_quote",
    "verify_quotes",
]
