// What the pages do by script: a job's news, and faults while typing.
"use strict";

const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";

function watchJob(element) {
  const events = new EventSource(element.dataset.events);
  const show = (event) => {
    const job = JSON.parse(event.data);
    element.querySelector("strong").textContent = job.state;
    const { text = "", seconds, best } = job.progress ?? {};
    const more = [seconds === undefined ? "" : `${Math.round(seconds)} s`, best === undefined ? "" : `best ${best.toPrecision(4)}`];
    element.querySelector("[data-progress]").textContent = [text, ...more].filter(Boolean).join(", ");
  };
  events.addEventListener("progress", show);
  events.addEventListener("ended", (event) => {
    events.close();
    show(event);
    if (JSON.parse(event.data).state !== "interrupted") location.reload(); // the server ends: there is nothing to load
  });
}

function checkWhileTyping(field, list) {
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(field.dataset.check, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
        body: JSON.stringify({ content: field.value }),
      });
      if (!answer.ok) return;
      const { faults, error } = await answer.json();
      const told = faults.length || !error ? faults : [{ line: 0, message: error, hint: "" }];
      list.replaceChildren(...told.map((fault) => {
        const item = document.createElement("li");
        if (fault.line) {
          const link = document.createElement("a");
          link.href = `#${field.id}`;
          link.dataset.line = fault.line;
          link.textContent = `Line ${fault.line}`;
          item.append(link, ": ");
        }
        item.append(fault.message, fault.hint ? ` (${fault.hint})` : "");
        return item;
      }));
    }, 400);
  });
}

function goToLine(field, line) {
  const lines = field.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  field.scrollTop = field.scrollHeight * (line - 4) / lines.length;
}

document.querySelectorAll("[data-events]").forEach(watchJob);
const field = document.querySelector("textarea[data-check]");
if (field) {
  if (!field.readOnly) checkWhileTyping(field, document.querySelector("#faults"));
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line]")?.dataset.line;
    if (line) { event.preventDefault(); goToLine(field, Number(line)); }
  });
}
