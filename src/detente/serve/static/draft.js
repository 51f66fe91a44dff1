// After a move: what stands around the timeline (the verdict, what breaks, undo) is taken from the page as it is now.
"use strict";

document.addEventListener("timeline:moved", async () => {
  const answer = await fetch(location.pathname, { credentials: "same-origin" });
  if (!answer.ok) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["verdict", "below"]) {
    const old = document.getElementById(id);
    const found = now.getElementById(id);
    if (old && found) old.replaceWith(document.importNode(found, true));
  }
});
