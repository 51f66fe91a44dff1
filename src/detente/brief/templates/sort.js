// Tables can be sorted by clicking a heading, and a link opens the annex that it leads to; without this script the page is read
// as it stands.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.title = "Sort by this column";
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("thead th").forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => {
        const cell = row.cells[column];
        const text = cell.dataset.key ?? cell.textContent.trim().replace("\u2212", "-");
        return text === "" ? null : Number.isNaN(Number.parseFloat(text)) ? text : Number.parseFloat(text);
      };
      const order = (a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === null || y === null) return (x === null) - (y === null);
        const sign = down ? -1 : 1;
        return sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)));
      };
      table.tBodies[0].append(...[...table.tBodies[0].rows].sort(order));
    });
  });
}
const opened = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const annex = target?.closest("details");
  if (annex && !annex.open) {
    annex.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", opened);
opened();
const printed = [];
addEventListener("beforeprint", () => {
  printed.push(...document.querySelectorAll("details.annex.printed:not([open])"));
  for (const annex of printed) annex.open = true;
});
addEventListener("afterprint", () => {
  for (const annex of printed.splice(0)) annex.open = false;
});
