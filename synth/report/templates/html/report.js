"use strict";
// Sorts and filters the table of claims, and opens the claim that an address names. The report is whole without it.
(() => {
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const details = target && target.querySelector(":scope > td > details");
    if (details) { target.hidden = false; details.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((one) => { one.open = false; }));

  const table = document.getElementById("claim-table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const texts = new Map(rows.map((row) => [row, row.querySelector(".claim").textContent.toLowerCase()]));

  const form = document.getElementById("filter");
  const [words, verified, kind] = ["words", "verified", "kind"].map((name) => document.getElementById("filter-" + name));
  const counted = document.getElementById("filter-count");
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => texts.get(row).includes(word))
        && (!verified.value || row.dataset.verified === verified.value)
        && (!kind.value || row.dataset.kind === kind.value);
      row.hidden = !fits;
      shown += fits;
    }
    counted.textContent = shown + " of " + rows.length + " shown";
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();

  const every = document.getElementById("open-all");
  every.addEventListener("click", () => {
    const opened = every.textContent === "Open all";
    rows.forEach((row) => { if (!row.hidden) row.querySelector("details").open = opened; });
    every.textContent = opened ? "Close all" : "Open all";
  });

  const numeric = { claim: true, confidence: true };
  const compare = (key) => (a, b) => {
    const [x, y] = [a.dataset[key], b.dataset[key]];
    if (x === "" || y === "") return (x === "") - (y === "");
    return numeric[key] ? x - y : x < y ? -1 : x > y ? 1 : 0;
  };
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", now);
      const order = compare(head.dataset.sort);
      const missing = (row) => row.dataset[head.dataset.sort] === "";
      // What has no value stays at the end, whichever way the rest is sorted.
      body.append(...[...rows].sort((a, b) =>
        missing(a) !== missing(b) ? missing(a) - missing(b) : now === "ascending" ? order(a, b) : order(b, a)));
    });
  }
})();
