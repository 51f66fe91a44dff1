// What a reader's eye would notice, measured in the page: used by test_page.py.
(() => {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const colour = (text) => {
    if (!known.has(text)) {
      probe.clearRect(0, 0, 1, 1);
      probe.fillStyle = text;
      probe.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const over = (top, below) => [0, 1, 2].map((n) => top[n] * top[3] + below[n] * (1 - top[3])).concat([1]);
  const light = ([r, g, b]) => {
    const part = (x) => ((x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const shapes = new Set(["rect", "circle", "path", "polygon"]);
  const layer = (element) => {
    const style = getComputedStyle(element);
    if (!shapes.has(element.tagName)) return colour(style.backgroundColor);
    if (style.fill === "none") return [0, 0, 0, 0];
    const filled = colour(style.fill);
    return [filled[0], filled[1], filled[2], filled[3] * Number(style.fillOpacity) * Number(style.opacity)];
  };
  const ground = (element, x, y) => {
    let below = colour(getComputedStyle(document.body).backgroundColor);
    const stack = document.elementsFromPoint(x, y).filter((e) => e !== element && !element.contains(e) && e.tagName !== "text" && e.tagName !== "tspan");
    for (const e of stack.reverse()) below = over(layer(e), below);
    return below;
  };
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const own = (element) => [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const written = () => [...document.querySelectorAll("body *")].filter((e) => own(e) && shown(e) && !["SCRIPT", "STYLE", "title", "desc"].includes(e.tagName));

  return {
    charts: () =>
      [...document.querySelectorAll("figure.chart")].map((figure) => {
        const parts = [...figure.querySelectorAll("svg.picture, ol.dated")].filter(shown).map((e) => e.getBoundingClientRect());
        return {
          id: figure.id,
          parts: parts.length,
          visible: parts.every((r) => r.width > 100 && r.height > 15 && r.left >= -1 && r.right <= innerWidth + 1),
        };
      }),
    wide: () => document.scrollingElement.scrollWidth - innerWidth,
    faint: () => {
      const out = [];
      for (const element of written()) {
        element.scrollIntoView({ block: "center" });
        const range = document.createRange();
        range.selectNodeContents(element);
        const r = range.getClientRects()[0];
        if (!r || r.left < 0 || r.right > innerWidth) continue;
        const style = getComputedStyle(element);
        const ink = colour(element instanceof SVGElement ? style.fill : style.color);
        const paper = ground(element, r.left + r.width / 2, r.top + r.height / 2);
        const found = contrast(over(ink, paper), paper);
        if (found < 4.5) out.push(`${found.toFixed(2)} ${element.tagName}.${element.getAttribute("class")}: ${element.textContent.trim().slice(0, 40)}`);
      }
      return out;
    },
    small: () =>
      [...document.querySelectorAll("svg.picture text")].filter(shown).flatMap((e) => {
        const svg = e.ownerSVGElement;
        const scale = svg.viewBox.baseVal.width ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
        const size = Number.parseFloat(getComputedStyle(e).fontSize) * scale;
        return size < 10.8 ? [`${size.toFixed(1)} px: ${e.textContent}`] : [];
      }),
    overlaps: () => {
      const out = [];
      for (const svg of [...document.querySelectorAll("svg.picture")].filter(shown)) {
        const texts = [...svg.querySelectorAll("text")].filter(shown).map((e) => [e.textContent, e.getBoundingClientRect()]);
        texts.forEach(([a, p], n) => {
          for (const [b, q] of texts.slice(n + 1)) {
            const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (across > 1 && down > 3) out.push(`${a} | ${b}`);
          }
        });
      }
      return out;
    },
    outside: () =>
      [...document.querySelectorAll("svg.picture")].filter(shown).flatMap((svg) => {
        const s = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("text")].filter(shown).filter((e) => {
          const r = e.getBoundingClientRect();
          return r.left < s.left - 2 || r.right > s.right + 2 || r.top < s.top - 2 || r.bottom > s.bottom + 2;
        }).map((e) => `${svg.getAttribute("aria-labelledby").split(" ")[0]}: ${e.textContent}`);
      }),
    spilled: () =>
      [...document.querySelectorAll(".pill, .box")].filter(shown).flatMap((g) => {
        const [r, t] = [g.querySelector(":scope > rect"), g.querySelector(":scope > text")].map((e) => e.getBoundingClientRect());
        return t.left < r.left - 1 || t.right > r.right + 1 || t.bottom > r.bottom + 2 ? [g.textContent] : [];
      }),
  };
})()
