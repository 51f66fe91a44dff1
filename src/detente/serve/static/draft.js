// After a move: what stands around the timeline (the verdict, what breaks, undo) is taken from the page as it is now.
"use strict";

document.addEventListener("timeline:moved", () => takeAnew("verdict", "below"));
