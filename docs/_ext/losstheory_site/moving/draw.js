/* Draws into an <svg>: a frame with two scales, and curves, areas, bars and marks in it.
 *
 * What a mark means is said by its kind (cross, squared, slope, quiet, first, second, ...), whose
 * colour, dash and shape stand in frame.css. Words come from the markup: the axes are named by
 * the attributes data-x and data-y of the <svg>, a curve by data-name-KIND.
 */
const draw = (() => {
  "use strict";

  const MARGIN = { top: 26, right: 16, bottom: 40, left: 44 };
  const scales = new WeakMap(); // of each <svg>: from a pointer's place to the figure's numbers

  /* Round numbers across [low, high], about `wanted` of them. */
  function ticks(low, high, wanted) {
    const rough = (high - low) / wanted;
    if (!(rough > 0) || !Number.isFinite(rough)) return [low];
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    return Array.from({ length: count }, (_, i) => (first + i) * step);
  }

  /* Few digits, a true minus; large and small numbers as 2e6, for which a tick has room. */
  function tickText(value) {
    const digits = Number(value.toPrecision(6));
    const text = Math.abs(digits) >= 1e5 ? digits.toExponential().replace("e+", "e") : String(digits);
    return text.replaceAll("-", "−");
  }

  const round = (v) => v.toFixed(1);
  const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

  /* A shape of the size of a text's x-height or so, centred: disc, square, triangle or ring. */
  function shape(kind, cx, cy, size = 6, more = "") {
    const attributes = `class="mark ${kind}" ${more}`;
    if (/\b(squared|second)\b/.test(kind)) {
      const half = size * 0.92;
      const side = round(2 * half);
      return `<rect ${attributes} x="${round(cx - half)}" y="${round(cy - half)}" width="${side}" height="${side}"/>`;
    }
    return `<circle ${attributes} cx="${round(cx)}" cy="${round(cy)}" r="${size}"/>`;
  }

  /* Begin a drawing. `place` bends an axis: the number that is drawn in proportion. */
  function plot(svg, options) {
    const { x, y, xTicks, yTicks, placeX = (v) => v, placeY = (v) => v } = options;
    const margin = { ...MARGIN, ...options.margin };
    const { width, height } = svg.getBoundingClientRect();
    // A page that is not laid out yet has no width; it is drawn again when it has.
    const inner = {
      w: Math.max(1, width - margin.left - margin.right),
      h: Math.max(1, height - margin.top - margin.bottom),
    };
    const part = (v, [low, high], place) => (place(v) - place(low)) / (place(high) - place(low));
    const px = (v) => margin.left + inner.w * part(v, x, placeX);
    const py = (v) => margin.top + inner.h * (1 - part(v, y, placeY));
    const parts = [];
    const names = [];
    const bottom = margin.top + inner.h;
    const inside = (v, [low, high]) => v >= Math.min(low, high) && v <= Math.max(low, high);
    const add = (markup) => parts.push(markup);
    const word = (cx, cy, text, more = "") =>
      `<text x="${round(cx)}" y="${round(cy)}" ${more}>${escape(text)}</text>`;

    for (const v of yTicks ?? ticks(...y, 4)) {
      add(`<path class="grid" d="M${margin.left} ${round(py(v))}h${round(inner.w)}"/>`);
      add(word(margin.left - 7, py(v) + 4.5, tickText(v), 'text-anchor="end"'));
    }
    const wide = xTicks ?? ticks(...x, 6);
    for (const v of wide) {
      add(`<path class="tick" d="M${round(px(v))} ${round(bottom)}v4"/>`);
      add(word(px(v), bottom + 18, tickText(v), 'text-anchor="middle"'));
    }
    add(`<path class="axis" d="M${margin.left} ${round(bottom)}h${round(inner.w)}"/>`);
    const { x: nameX, y: nameY } = svg.dataset;
    if (nameX) add(word(margin.left + inner.w, bottom + 35, nameX, 'class="axis-name" text-anchor="end"'));
    if (nameY) add(word(4, 14, nameY, 'class="axis-name"'));

    const line = (points) => points.map(([u, v]) => `${round(px(u))} ${round(py(v))}`).join("L");
    /* What runs out of the frame is cut off at it; half a stroke may stand over. */
    function clipped(markup) {
      const box = [margin.left - 2, margin.top - 2, inner.w + 4, inner.h + 4].map(round);
      const [left, above, wideness, highness] = box;
      add(
        `<svg x="${left}" y="${above}" width="${wideness}" height="${highness}" ` +
          `viewBox="${box.join(" ")}">${markup}</svg>`,
      );
    }
    const api = {
      px,
      py,
      inner,
      bottom,
      rule: (v, vertical, kind = "guide") =>
        add(
          vertical
            ? `<path class="rule ${kind}" d="M${round(px(v))} ${margin.top}V${round(bottom)}"/>`
            : `<path class="rule ${kind}" d="M${margin.left} ${round(py(v))}h${round(inner.w)}"/>`,
        ),
      curve: (kind, points) => clipped(`<path class="curve ${kind}" d="M${line(points)}"/>`),
      area: (kind, points) => clipped(`<path class="area ${kind}" d="M${line(points)}Z"/>`),
      /* A bar from the base to v, over [left, right] of the x scale. */
      bar: (kind, left, right, v, base = 0) =>
        clipped(
          `<rect class="bar ${kind}" x="${round(px(left))}" width="${round(px(right) - px(left))}" ` +
            `y="${round(Math.min(py(v), py(base)))}" height="${round(Math.abs(py(v) - py(base)))}"/>`,
        ),
      arrow: (kind, [u0, v0], [u1, v1]) =>
        clipped(
          `<path class="arrow ${kind}" d="M${round(px(u0))} ${round(py(v0))}L${round(px(u1))} ${round(py(v1))}"/>`,
        ),
      mark: (kind, u, v, size) => {
        if (inside(u, x) && inside(v, y)) add(shape(kind, px(u), py(v), size));
      },
      ring: (u, v, size) =>
        add(`<circle class="ring" cx="${round(px(u))}" cy="${round(py(v))}" r="${size}"/>`),
      /* Words or a number at a place, kept within the picture, on a halo of the paper's colour. */
      note: (text, u, v, { dx = 0, dy = 0, anchor = "start", kind = "" } = {}) => {
        if (!text) return;
        const cx = Math.min(Math.max(px(u) + dx, 2), width - 2);
        const cy = Math.min(Math.max(py(v) + dy, 12), height - 4);
        add(word(cx, cy, text, `class="note ${kind}" text-anchor="${anchor}"`));
      },
      /* The name of a curve at one of its points, from the markup. */
      name: (kind, u, v, more) => names.push([kind, u, v, more]),
      done: (label) => {
        for (const [kind, u, v, more] of names) {
          const key = `name${kind[0].toUpperCase()}${kind.slice(1)}`;
          api.note(svg.dataset[key] ?? "", u, v, { ...more, kind });
        }
        svg.setAttribute("viewBox", `0 0 ${Math.max(1, width)} ${Math.max(1, height)}`);
        if (label) svg.setAttribute("aria-label", label);
        // What is dragged stays in the document while it is: only the drawing beside it is new.
        let drawn = svg.querySelector(".drawn");
        if (!drawn) {
          svg.innerHTML = '<g class="drawn"></g>';
          drawn = svg.firstChild;
        }
        drawn.innerHTML = parts.join("");
      },
    };
    const back = (fraction, [low, high], place, unplace) =>
      unplace(place(low) + fraction * (place(high) - place(low)));
    scales.set(svg, (clientX, clientY) => {
      const box = svg.getBoundingClientRect();
      const { unplaceX = (v) => v, unplaceY = (v) => v } = options;
      const across = (clientX - box.left - margin.left) / inner.w;
      const up = 1 - (clientY - box.top - margin.top) / inner.h;
      return [back(across, x, placeX, unplaceX), back(up, y, placeY, unplaceY)];
    });
    return api;
  }

  /* The numbers of the figure under a pointer. */
  const under = (svg, { clientX, clientY }) => scales.get(svg)?.(clientX, clientY);

  /* The points of a function, evenly over an interval. */
  const sample = (f, [low, high], parts = 160) =>
    Array.from({ length: parts + 1 }, (_, i) => {
      const u = low + ((high - low) * i) / parts;
      return [u, f(u)];
    });

  return Object.freeze({ plot, under, sample, ticks });
})();
