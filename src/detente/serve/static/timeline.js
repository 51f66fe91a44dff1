/* Moving steps on the timeline of a roadmap (serve/timeline.py says what is sent, and what comes back).

   One step is lifted at a time, by one pointer or by keys. While it is lifted its place is a preview that snaps to phases; nothing
   is sent. A drop sends one change, or is refused with the reason; Escape, a lost pointer and leaving the step put it back. */
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const WORDS = { impossible: "Cannot be", breaks: "The roadmap would not hold", loses: "It would hold, and help no more", holds: "The roadmap holds" };
  const EDGE = 44, SPEED = 14, CLICK = 4; // pixels from the edge at which it scrolls, how far a frame, and what is still a click

  function start(root) {
    const phases = Number(root.dataset.phases), width = Number(root.dataset.width), days = JSON.parse(root.dataset.days);
    const scroll = root.querySelector(".timeline-scroll"), chart = root.querySelector(".chart");
    const status = root.querySelector(".timeline-status"), answer = root.querySelector(".timeline-answer");
    const known = {}; // places by the measures that move together
    let lifted = null; // {step, from, to, pointer, offset, x, moved, frame, timer}
    let busy = false;

    const name = (step) => document.getElementById(step.getAttribute("aria-labelledby")).textContent;
    const key = (step) => step.dataset.measures;
    const at = (phase) => (phase === phases ? "never" : `from ${days[phase]}, phase ${phase}`);
    const place = (step, phase) => (known[key(step)] || [])[phase];
    const say = (text, refused) => {
      status.textContent = text;
      status.classList.toggle("refused", Boolean(refused));
    };

    function put(step, phase) {
      step.setAttribute("transform", `translate(${phase * width} ${step.dataset.top})`);
      step.previousElementSibling.previousElementSibling.setAttribute("x", (phase + 1) * width); // in force from then on
      step.setAttribute("aria-valuenow", phase);
      step.setAttribute("aria-valuetext", phase === phases ? "does not enter" : at(phase));
    }

    function told(step, phase) {
      const found = place(step, phase);
      if (phase === Number(step.dataset.phase)) return `${name(step)}: ${at(phase)}, where it is.`;
      if (!found) return `${name(step)}: ${at(phase)}.`;
      const count = found.verdict === "breaks" ? ` (${found.broken} rows break)` : "";
      return `${name(step)}: ${at(phase)}. ${WORDS[found.verdict]}${count}.${found.words ? ` ${found.words}` : ""}`;
    }

    const refuses = (step, phase) => (place(step, phase) || {}).verdict === "impossible";

    function preview(phase) {
      if (phase === lifted.to) return;
      lifted.to = phase;
      put(lifted.step, phase);
      show();
    }

    function show() {
      const { step, to } = lifted;
      step.classList.toggle("refused", refuses(step, to));
      say(told(step, to), refuses(step, to));
    }

    function colour(step) {
      const room = step.previousElementSibling;
      room.replaceChildren();
      const draw = (tag, entries, text) => {
        const one = document.createElementNS(NS, tag);
        for (const [entry, value] of Object.entries(entries)) one.setAttribute(entry, value);
        if (text) one.textContent = text;
        room.append(one);
      };
      (known[key(step)] || []).forEach((found, phase) => {
        draw("rect", { x: phase * width, y: 0, width, height: 34, class: found.verdict });
        const sign = { impossible: "\u00d7", breaks: "!", loses: "\u2212" }[found.verdict];
        if (sign) draw("text", { x: (phase + 0.5) * width, y: 22 }, sign);
      });
      draw("rect", { x: Number(step.dataset.phase) * width + 1, y: 6, width: width - 2, height: 22, rx: 5, class: "origin" });
    }

    async function ask(step) {
      if (known[key(step)] || !root.dataset.places) return;
      const query = key(step).split(" ").map((m) => `measure=${encodeURIComponent(m)}`).join("&");
      try {
        const reply = await fetch(`${root.dataset.places}${root.dataset.places.includes("?") ? "&" : "?"}${query}`, { credentials: "same-origin" });
        if (!reply.ok) return; // what is not known is judged when it is dropped
        known[key(step)] = await reply.json();
      } catch {
        return;
      }
      if (lifted && lifted.step === step) {
        colour(step);
        show();
      }
    }

    function lift(step) {
      const from = Number(step.dataset.phase);
      lifted = { step, from, to: from, pointer: null, moved: false };
      step.classList.add("lifted");
      document.getElementById(step.getAttribute("aria-labelledby")).classList.add("lifted");
      colour(step);
      ask(step);
    }

    function lower() {
      const { step, pointer, frame } = lifted;
      cancelAnimationFrame(frame);
      step.classList.remove("lifted", "refused");
      document.getElementById(step.getAttribute("aria-labelledby")).classList.remove("lifted");
      step.previousElementSibling.replaceChildren();
      lifted = null;
      if (pointer !== null && step.hasPointerCapture(pointer)) step.releasePointerCapture(pointer);
    }

    function restore(text, refused) {
      const { step, from } = lifted;
      put(step, from);
      lower();
      say(text, refused);
    }

    function drop() {
      const { step, from, to } = lifted;
      if (to === from) return restore("");
      if (refuses(step, to)) return restore(`Not moved. ${told(step, to)}`, true);
      lower();
      send(step, from, to);
    }

    async function send(step, from, to) {
      busy = true;
      step.setAttribute("aria-busy", "true");
      say(`${name(step)}: ${at(to)} \u2026`);
      const headers = { "Content-Type": "application/json", Accept: "application/json" };
      if (root.dataset.csrf) headers["X-CSRF-Token"] = root.dataset.csrf;
      const measures = key(step).split(" "), phase = to === phases ? null : to;
      let reply = null, content = "";
      try {
        reply = await fetch(root.dataset.move, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify({ measures, phase }) });
        content = await reply.text();
      } catch {
        reply = null;
      }
      busy = false;
      step.removeAttribute("aria-busy");
      if (reply && reply.ok) {
        step.dataset.phase = to;
        for (const entry of Object.keys(known)) delete known[entry]; // every place is another one now
        say(`Moved. ${name(step)}: ${at(to)}.`);
      } else {
        put(step, from);
        say(`Not moved. ${reply ? "The change was refused." : "There was no answer; try again."}`, true);
      }
      list(content);
      if (reply && reply.ok) root.dispatchEvent(new CustomEvent("timeline:moved", { bubbles: true }));
    }

    function list(content) {
      let told = {};
      try {
        told = JSON.parse(content) || {};
      } catch {
        told = {};
      }
      answer.replaceChildren();
      const head = told.words || told.error;
      if (head) answer.append(Object.assign(document.createElement("p"), { textContent: head }));
      if (!Array.isArray(told.broken) || !told.broken.length) return;
      const rows = document.createElement("ul");
      for (const row of told.broken.slice(0, 12)) rows.append(Object.assign(document.createElement("li"), { textContent: `${row.words}${row.phase === undefined ? "" : ` (phase ${row.phase})`}` }));
      if (told.broken.length > 12) rows.append(Object.assign(document.createElement("li"), { textContent: `and ${told.broken.length - 12} more` }));
      answer.append(rows);
    }

    function follow() {
      const box = chart.getBoundingClientRect();
      preview(Math.min(phases, Math.max(0, Math.round((lifted.x - box.left - lifted.offset) / width))));
    }

    function edge() {
      if (!lifted || lifted.pointer === null) return;
      const box = scroll.getBoundingClientRect(), left = box.left + root.querySelector(".timeline-corner").offsetWidth;
      const way = lifted.x > box.right - EDGE ? SPEED : lifted.x < left + EDGE ? -SPEED : 0;
      if (way && lifted.moved) {
        scroll.scrollLeft += way;
        follow();
      }
      lifted.frame = requestAnimationFrame(edge);
    }

    root.addEventListener("pointerdown", (event) => {
      const step = event.target.closest(".step[role]");
      if (!step || busy || event.button !== 0 || (lifted && lifted.pointer !== null)) return;
      if (lifted) restore("");
      step.focus({ preventScroll: true });
      lift(step);
      const box = chart.getBoundingClientRect();
      Object.assign(lifted, { pointer: event.pointerId, x: event.clientX, begin: event.clientX, offset: event.clientX - box.left - lifted.from * width });
      step.setPointerCapture(event.pointerId);
      lifted.frame = requestAnimationFrame(edge);
      say(told(step, lifted.from));
      event.preventDefault();
    });
    root.addEventListener("pointermove", (event) => {
      if (!lifted || event.pointerId !== lifted.pointer) return;
      lifted.x = event.clientX;
      if (Math.abs(event.clientX - lifted.begin) >= CLICK) lifted.moved = true;
      if (lifted.moved) follow();
    });
    root.addEventListener("pointerup", (event) => {
      if (lifted && event.pointerId === lifted.pointer) drop();
    });
    for (const lost of ["pointercancel", "lostpointercapture"]) {
      root.addEventListener(lost, (event) => {
        if (lifted && event.pointerId === lifted.pointer) restore("Not moved.");
      });
    }
    root.addEventListener("focusout", (event) => {
      if (lifted && lifted.pointer === null && event.target === lifted.step) restore(lifted.to === lifted.from ? "" : `Not moved. ${name(lifted.step)}: ${at(lifted.from)}.`);
    });

    root.addEventListener("keydown", (event) => {
      const step = event.target.closest(".step[role]");
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      const now = lifted && lifted.step === step ? lifted.to : Number(step.dataset.phase);
      const to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: phases - 1 }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        if (busy || (lifted && lifted.pointer !== null)) return;
        if (!lifted) lift(step);
        preview(Math.min(phases, Math.max(0, to)));
        step.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else if (lifted && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        if (lifted.pointer === null) drop();
      } else if (lifted && event.key === "Escape") {
        event.preventDefault();
        restore(`Put back. ${name(step)}: ${at(lifted.from)}.`);
      }
    });
  }

  document.querySelectorAll(".timeline[data-move]").forEach(start);
})();
