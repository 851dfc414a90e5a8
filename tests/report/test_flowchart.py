from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from synth.report.plots import flowchart

NS = {"s": "http://www.w3.org/2000/svg"}
NUMBER = st.integers(0, 10**6)
SOURCES, METHODS = st.sampled_from(["acl", "arxiv"]), st.sampled_from(["database", "files at hand"])
REASONS = st.lists(st.fixed_dictionaries({"reason": st.text(max_size=90), "papers": NUMBER}), max_size=4)
FLOWS = st.fixed_dictionaries(
    {
        "identified": NUMBER,
        "identified_by": st.lists(
            st.fixed_dictionaries({"source": SOURCES, "method": METHODS, "records": NUMBER}),
            max_size=4,
        ),
        "duplicates": NUMBER,
        "duplicates_by": st.lists(st.fixed_dictionaries({"rule": st.text(max_size=40), "records": NUMBER}), max_size=3),
        "screened": NUMBER,
        "excluded": st.lists(
            st.fixed_dictionaries({"reason": st.text(max_size=90), "by": st.just("person"), "papers": NUMBER}),
            max_size=9,
        ),
        "pending": NUMBER,
        "sought": NUMBER,
        "not_retrieved": REASONS,
        "awaiting": NUMBER,
        "assessed": NUMBER,
        "excluded_reports": REASONS,
        "included": NUMBER,
    }
)


def parsed(picture: str) -> etree._Element:
    return etree.fromstring(picture.encode())


@given(FLOWS, st.booleans())
def test_every_flow_is_a_picture_with_all_its_numbers_and_a_text(flow, complete):
    root = parsed(flowchart.draw(flow, complete))
    assert root.findtext("s:desc", namespaces=NS) == flowchart.about(flow)
    texts = [t.text or "" for t in root.iterfind(".//s:text", NS)]
    for name in ("identified", "duplicates", "screened", "sought", "assessed", "included"):
        assert any(f"(n = {flow[name]:,})" in text for text in texts), name
    assert any("INCOMPLETE" in text for text in texts) != complete
    boxes = root.findall("s:rect", NS)
    for box in boxes[1:]:  # the first is the ground
        assert float(box.get("x")) + float(box.get("width")) <= float(root.get("width"))
        assert float(box.get("y")) + float(box.get("height")) <= float(root.get("height"))


@given(FLOWS)
def test_it_needs_no_colour(flow):
    colours = set(re.findall(r"(?:fill|stroke)='(#\w+)'", flowchart.draw(flow)))
    assert all(len(set(re.findall("..", colour[1:]))) == 1 for colour in colours)
    grey = {"#ffffff", "#e4e4e4"}  # grounds; all else is nearly black
    assert all(int(colour[1:3], 16) < 0x40 for colour in colours - grey)


def test_nothing_found_is_a_picture_too():
    empty = dict.fromkeys(("identified", "duplicates", "screened", "pending", "sought", "awaiting", "assessed"), 0)
    empty |= {"included": 0}
    names = ("identified_by", "duplicates_by", "excluded", "not_retrieved", "excluded_reports")
    lists = {name: [] for name in names}
    assert "0 records identified" in flowchart.about(empty | lists)
    parsed(flowchart.draw(empty | lists))


@given(FLOWS, st.booleans())
def test_the_bars_of_the_phases_stand_one_below_the_other(flow, complete):
    root = parsed(flowchart.draw(flow, complete))
    bars = [box for box in root.findall("s:rect", NS) if box.get("fill") == "#e4e4e4"]
    assert len(bars) == 3
    ends = [(float(bar.get("y")), float(bar.get("y")) + float(bar.get("height"))) for bar in bars]
    assert all(before[1] < after[0] for before, after in pairwise(ends))
