import pytest

from repro import machine as processor


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("processor : 0\nflags\t\t: fpu avx2 avx512_bf16 sse\n", True),
        ("flags : amx_bf16\n", True),
        ("flags : fpu avx512f avx512_bf16x\n", False),
        ("Features : fp asimd\n", False),
        ("", False),
    ],
)
def test_instructions_are_read_from_the_list_of_flags(text, has, monkeypatch):
    monkeypatch.setattr(processor.Path, "read_text", lambda *_, **__: text)
    processor.instructions.cache_clear()
    try:
        assert processor.has_bfloat16() is has
    finally:
        processor.instructions.cache_clear()
