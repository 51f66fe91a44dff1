// The fields of numbers: a slider moves what is likely, and what is typed is checked while it is typed.
"use strict";

document.documentElement.classList.add("with-script");

const shownAs = (x) => String(Number(x.toPrecision(3)));

function withLikely(text, likely, step) {
  const range = text.trim().match(/^\[\s*([^,\]]+),\s*[^,\]]+,\s*([^,\]]+)\s*\]$/);
  const rounded = Math.round(likely / step) * step;
  if (!range) return shownAs(rounded);
  const [low, high] = [Number(range[1]), Number(range[2])];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return shownAs(rounded);
  return `[${range[1].trim()}, ${shownAs(Math.min(high, Math.max(low, rounded)))}, ${range[2].trim()}]`;
}

function likelyOf(text) {
  const range = text.trim().match(/^\[\s*[^,\]]+,\s*([^,\]]+),\s*[^,\]]+\s*\]$/);
  return Number(range ? range[1] : text);
}

function tryEntry(form) {
  const said = form.querySelector("output");
  const field = form.elements.value;
  let timer, asked = 0;
  return () => {
    form.classList.toggle("changed", field.value !== field.defaultValue);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetch(form.dataset.try, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
        body: JSON.stringify({ path: form.elements.path.value, value: field.value }),
      });
      if (!answer.ok || mine !== asked) return;
      const { error } = await answer.json();
      said.textContent = error;
      field.toggleAttribute("aria-invalid", Boolean(error));
    }, 300);
  };
}

for (const form of document.querySelectorAll("form.entry[data-try]")) {
  const field = form.elements.value;
  const slider = form.querySelector("input[type=range]");
  const check = tryEntry(form);
  if (field.readOnly) continue;
  slider.addEventListener("input", () => {
    field.value = withLikely(field.value, Number(slider.value), Number(slider.dataset.step));
    check();
  });
  field.addEventListener("input", () => {
    const likely = likelyOf(field.value);
    if (Number.isFinite(likely)) slider.value = likely;
    check();
  });
}

for (const form of document.querySelectorAll("form.entry:not([data-try])")) {
  form.addEventListener("change", () => form.classList.add("changed"));
}

const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
target?.closest("details")?.setAttribute("open", "");
target?.scrollIntoView({ block: "center" });
