// What the pages do by script: a job's news, parts taken from the page as it is now, and faults while typing.
"use strict";

const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";

function watchJob(element) {
  const events = new EventSource(element.dataset.events);
  const show = (event) => {
    if (!element.isConnected) return events.close(); // another stands in its place
    const job = JSON.parse(event.data);
    element.querySelector("strong").textContent = job.state;
    const { text = "", seconds, found } = job.progress ?? {};
    element.querySelector("[data-progress]").textContent = [text !== "waiting" && text, seconds && `${Math.round(seconds)} s`].filter(Boolean).join(", ");
    const words = element.querySelector("[data-found]");
    if (!found || !words || words.textContent === found.words) return; // what has not changed is not read out again
    words.textContent = found.words;
    element.querySelector("[data-take]")?.removeAttribute("hidden");
  };
  events.addEventListener("progress", show);
  events.addEventListener("ended", (event) => {
    events.close();
    show(event);
    if (JSON.parse(event.data).state === "interrupted") return; // the server ends: there is nothing to load
    if (element.dataset.part) takeAnew(element.dataset.part);
    else location.reload();
  });
}

async function takeAnew(...parts) {
  const answer = await fetch(location.pathname, { credentials: "same-origin" });
  if (!answer.ok) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const old = document.getElementById(part), found = now.getElementById(part);
    if (!old || !found) continue;
    old.replaceWith(document.importNode(found, true));
    document.getElementById(part).querySelectorAll("[data-events]").forEach(watchJob);
  }
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
const here = document.querySelector(".menu [aria-current]"); // on a narrow screen the menu scrolls sideways
here?.closest("ul").scrollTo({ left: here.offsetLeft - 40 });
const field = document.querySelector("textarea[data-check]");
if (field) {
  if (!field.readOnly) checkWhileTyping(field, document.querySelector("#faults"));
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line]")?.dataset.line;
    if (line) { event.preventDefault(); goToLine(field, Number(line)); }
  });
}
