"""The HTML in a real browser: no requests, no complaints, keyboard, narrow screens, contrast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from synth.report import render
from synth.report.crops import with_crops
from synth.report.review import review_all
from synth.store.database import Store
from tests.report import browser, made_up
from tests.report.test_html import cut
from tests.report.test_report import HOSTILE

pytestmark = pytest.mark.skipif(
    not (browser.CHROMIUM and browser.BASH), reason="there is no Chromium here (or no bash to start it)"
)
MANY = 40
# Lowest contrast of any text with what is painted behind it (WCAG 2.2, definitions of contrast ratio and luminance).
CONTRAST = """(() => {
  const numbers = (c) => c.match(/[\\d.]+/g).map(Number);
  const part = (v) => (v /= 255, v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = (c) => { const [r, g, b] = numbers(c).map(part); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (numbers(c)[3] !== 0) return c;
    }
    return "rgb(255, 255, 255)";
  };
  let worst = [99, ""];
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || e.closest("svg, script, style") || !e.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 80)];
  }
  return worst;
})()"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    found = browser.Browser(tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report with a decided run, page images, and every hostile text as a claim."""
    folder = tmp_path_factory.mktemp("report")
    store = Store(folder / "synth.db")
    more = [(text.replace("\u202e", ""), "effect", "grounded", 0.6) for text in HOSTILE]
    more += [("מאמר זה מראה שהקומקום טוב יותר.", "comparison", "grounded", 0.3), ("x" * 5000, "count", "grounded", 0.1)]
    more += [(f"Made-up kettle claim number {i}.", "effect", "grounded", i / MANY) for i in range(MANY)]
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s), [*made_up.CLAIMS, *more])
        made_up.add_run(s)
    store.close()
    facts = with_crops(made_up.facts_of(store), cut)
    # One finding a paper, so that all of them stand in the table.
    facts = replace(facts, claims=[replace(claim, paper=claim.id) for claim in facts.claims])
    file = folder / "report.html"
    file.write_text(str(render(facts, review_all(facts), "html")), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("dark", [False, True])
def test_it_asks_for_nothing_and_complains_of_nothing(chromium: browser.Browser, report: str, dark: bool) -> None:
    chromium.open(report, dark=dark)
    chromium.run(OPEN_ALL)
    assert chromium.requests() == [report]
    assert chromium.complaints() == []
    assert chromium.run("[...document.images].every((i) => i.complete && i.naturalWidth > 0 && i.alt)")


def test_a_claim_opens_by_the_keyboard(chromium: browser.Browser, report: str) -> None:
    chromium.open(report)
    at = "document.activeElement.closest('#claim-3 summary') !== null"
    for _ in range(60):
        if chromium.run(at):
            break
        chromium.tab()
    assert chromium.run(at)
    assert chromium.run("document.activeElement.matches(':focus-visible')")
    assert not chromium.run("document.querySelector('#claim-3 blockquote').checkVisibility()")
    chromium.enter()
    assert chromium.run("document.querySelector('#claim-3 blockquote').checkVisibility()")
    chromium.enter()
    assert not chromium.run("document.querySelector('#claim-3 details').open")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_page_is_not_wider_than_the_screen(
    chromium: browser.Browser, report: str, width: int, script: bool
) -> None:
    chromium.open(report, width, script=script)
    assert chromium.run(OVERFLOW) <= 0
    chromium.run(OPEN_ALL)
    assert chromium.run(OVERFLOW) <= 0


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_readable(chromium: browser.Browser, report: str, dark: bool) -> None:
    chromium.open(report, dark=dark)
    chromium.run(OPEN_ALL)
    ratio, where = chromium.run(CONTRAST)
    assert ratio >= 4.5, where


SHOWN = "[...document.querySelectorAll('#claim-table tbody tr')].filter((r) => !r.hidden).map((r) => r.dataset.{})"


def test_the_table_is_filtered(chromium: browser.Browser, report: str) -> None:
    chromium.open(report)
    count = 3 + len(HOSTILE) + 2 + MANY
    assert chromium.run(SHOWN.format("claim") + ".length") == count
    put = (
        "((id, value) => {{ const e = document.getElementById(id); e.value = value; "
        "e.dispatchEvent(new Event('input', {{bubbles: true}})); }})('{}', '{}')"
    )
    chromium.run(put.format("filter-words", "KETTLE claim number 3"))
    found = chromium.run(SHOWN.format("claim"))
    assert len(found) == len([i for i in range(MANY) if "3" in str(i)])
    assert chromium.run("document.getElementById('filter-count').textContent") == f"{len(found)} of {count} shown"
    chromium.run(put.format("filter-words", ""))
    chromium.run(put.format("filter-kind", "comparison"))
    assert set(chromium.run(SHOWN.format("kind"))) == {"comparison"}
    chromium.run(put.format("filter-kind", "") + ";" + put.format("filter-verified", "×"))
    assert set(chromium.run(SHOWN.format("verified"))) == {"×"}


def test_the_table_is_sorted_both_ways_and_what_has_no_value_comes_last(chromium: browser.Browser, report: str) -> None:
    chromium.open(report)
    press = "document.querySelector('th[data-sort=confidence] button').click()"
    for name in ("ascending", "descending"):
        chromium.run(press)
        values = chromium.run(SHOWN.format("confidence"))
        numbers = [float(v) for v in values if v]
        assert numbers == sorted(numbers, reverse=name == "descending")
        assert values[len(numbers) :] == [""]
        assert chromium.run("document.querySelector('th[data-sort=confidence]').ariaSort") == name


def test_an_address_opens_its_claim(chromium: browser.Browser, report: str) -> None:
    chromium.open(f"{report}#claim-2")
    assert chromium.run("document.querySelector('#claim-2 details').open")
    chromium.run("location.hash = '#claim-1'")
    chromium.run("new Promise((done) => setTimeout(done, 50))")
    assert chromium.run("document.querySelector('#claim-1 details').open")


def test_without_a_script_the_table_is_whole(chromium: browser.Browser, report: str) -> None:
    chromium.open(report, script=False)
    assert not chromium.run("document.getElementById('filter').checkVisibility()")
    assert chromium.run("document.querySelectorAll('#claim-table summary').length") == 5 + len(HOSTILE) + MANY


def test_it_prints_with_every_claim_open(chromium: browser.Browser, report: str, tmp_path: Path) -> None:
    chromium.open(report)
    chromium.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert chromium.run("document.querySelector('#claim-1 blockquote').checkVisibility()")
        assert not chromium.run("document.getElementById('filter').checkVisibility()")
    finally:
        chromium.call("Emulation.setEmulatedMedia", media="")
