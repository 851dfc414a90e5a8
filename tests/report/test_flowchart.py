from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from synth.report.plots import flowchart
from synth.store.rows.searches import FlowDuplicates, FlowExclusion, FlowLoss, FlowSource, FlowView

NS = {"s": "http://www.w3.org/2000/svg"}
NUMBER = st.integers(0, 10**6)
SOURCES, METHODS = st.sampled_from(["acl", "arxiv"]), st.sampled_from(["database", "files at hand"])
LOSSES = st.lists(st.builds(FlowLoss, code=st.just(""), reason=st.text(max_size=90), papers=NUMBER), max_size=4)
EXCLUSIONS = st.builds(
    FlowExclusion, code=st.just(""), reason=st.text(max_size=90), by=st.just("person"), papers=NUMBER
)
FLOWS = st.builds(
    FlowView,
    identified=NUMBER,
    identified_by=st.lists(st.builds(FlowSource, source=SOURCES, method=METHODS, records=NUMBER), max_size=4),
    duplicates=NUMBER,
    duplicates_by=st.lists(st.builds(FlowDuplicates, rule=st.text(max_size=40), records=NUMBER), max_size=3),
    screened=NUMBER,
    excluded=st.lists(EXCLUSIONS, max_size=9),
    pending=NUMBER,
    sought=NUMBER,
    not_retrieved=LOSSES,
    awaiting=NUMBER,
    assessed=NUMBER,
    excluded_reports=LOSSES,
    included=NUMBER,
    full_text=NUMBER,
)
NOTHING = FlowView(0, (), 0, (), 0, (), 0, 0, (), 0, 0, (), 0, 0)


def parsed(picture: str) -> etree._Element:
    return etree.fromstring(picture.encode())


@given(FLOWS, st.booleans())
def test_every_flow_is_a_picture_with_all_its_numbers_and_a_text(flow, complete):
    root = parsed(flowchart.draw(flow, complete))
    assert root.findtext("s:desc", namespaces=NS) == flowchart.about(flow)
    texts = [t.text or "" for t in root.iterfind(".//s:text", NS)]
    for name in ("identified", "duplicates", "screened", "sought", "assessed", "included"):
        assert any(f"(n = {getattr(flow, name):,})" in text for text in texts), name
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
    assert "0 records identified" in flowchart.about(NOTHING)
    parsed(flowchart.draw(NOTHING))


@given(FLOWS, st.booleans())
def test_the_bars_of_the_phases_stand_one_below_the_other(flow, complete):
    root = parsed(flowchart.draw(flow, complete))
    bars = [box for box in root.findall("s:rect", NS) if box.get("fill") == "#e4e4e4"]
    assert len(bars) == 3
    ends = [(float(bar.get("y")), float(bar.get("y")) + float(bar.get("height"))) for bar in bars]
    assert all(before[1] < after[0] for before, after in pairwise(ends))
