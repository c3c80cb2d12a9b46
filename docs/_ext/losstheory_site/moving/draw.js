/* Draws into an <svg>: a frame with two scales, and curves, areas, bars and marks in it.
 *
 * What a mark means is said by its kind (cross, squared, slope, one, zero, guide, ...), whose colour
 * and dash stand in frame.css and whose shape stands below. Words come from the markup: the axes are
 * named by the attributes data-x and data-y of the <svg>, a curve by data-name-KIND, a row of bars by
 * data-name-rowK. A projector shows all of it larger, by data-scale.
 */
const draw = (() => {
  "use strict";

  const MARGIN = { top: 26, right: 16, bottom: 40, left: 44 };
  const NARROW = { below: 260, margin: { right: 9, left: 36 } }; // a panel beside another, on a phone
  const LETTER = 7; // pixels that a digit takes, with some room
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

  /* Squared error is a square, the classes are a triangle and a diamond, all else is a disc. */
  function shape(kind, cx, cy, size = 6) {
    const is = (...kinds) => kinds.some((one) => kind.split(" ").includes(one));
    const at = (across, down) => `${round(cx + across * size)} ${round(cy + down * size)}`;
    const path = (...corners) => `<path class="mark ${kind}" d="M${corners.join("L")}Z"/>`;
    if (is("one")) return path(at(0, -1.2), at(1.1, 0.8), at(-1.1, 0.8));
    if (is("zero")) return path(at(0, -1.25), at(1.25, 0), at(0, 1.25), at(-1.25, 0));
    if (is("squared")) {
      const half = size * 0.92;
      const side = round(2 * half);
      return `<rect class="mark ${kind}" x="${round(cx - half)}" y="${round(cy - half)}" width="${side}" height="${side}"/>`;
    }
    return `<circle class="mark ${kind}" cx="${round(cx)}" cy="${round(cy)}" r="${size}"/>`;
  }

  /* The numbers whose words, so and so wide, have room: evenly thinned with both ends, or one by one. */
  function spaced(numbers, place, width) {
    const roomy = (some) => {
      let end = -Infinity;
      return some.filter((v) => {
        const [middle, half] = [Math.abs(place(v)), width(v) / 2];
        if (middle - half < end) return false;
        end = middle + half;
        return true;
      });
    };
    const last = numbers.length - 1;
    const thinned = (every) => numbers.filter((_, k) => k % every === 0);
    for (let every = 1; every < last; every += 1) {
      const some = thinned(every);
      if (last % every === 0 && roomy(some).length === some.length) return some;
    }
    const greedy = roomy(numbers);
    return greedy.length > 2 ? greedy : roomy(thinned(Math.max(1, last)));
  }

  /* Begin a drawing. `place` bends an axis: the number that is drawn in proportion. */
  function plot(svg, options) {
    const { x, y, xTicks, yTicks, placeX = (v) => v, placeY = (v) => v } = options;
    const scale = Number(svg.dataset.scale ?? 1);
    const box = svg.getBoundingClientRect();
    const [width, height] = [box.width / scale, box.height / scale];
    const margin = { ...MARGIN, ...(width < NARROW.below ? NARROW.margin : {}), ...options.margin };
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

    const tall = yTicks ?? ticks(...y, Math.min(4, inner.h / 30));
    for (const v of spaced(tall, (v) => bottom - py(v), () => 16)) {
      add(`<path class="grid" d="M${margin.left} ${round(py(v))}h${round(inner.w)}"/>`);
      add(word(margin.left - 7, py(v) + 4.5, tickText(v), 'text-anchor="end"'));
    }
    const wide = xTicks ?? ticks(...x, Math.min(6, inner.w / 40));
    for (const v of spaced(wide, px, (v) => LETTER * (tickText(v).length + 1))) {
      add(`<path class="tick" d="M${round(px(v))} ${round(bottom)}v4"/>`);
      add(word(px(v), bottom + 18, tickText(v), 'text-anchor="middle"'));
    }
    if (wide.length) add(`<path class="axis" d="M${margin.left} ${round(bottom)}h${round(inner.w)}"/>`);
    const { x: nameX, y: nameY } = svg.dataset;
    if (nameX) add(word(margin.left + inner.w, bottom + 35, nameX, 'class="axis-name" text-anchor="end"'));
    if (nameY) add(word(4, 14, nameY, 'class="axis-name"'));

    const line = (points) => points.map(([u, v]) => `${round(px(u))} ${round(py(v))}`).join("L");
    /* What runs out of the frame is cut off at it; half a stroke may stand over. */
    function clipped(markup) {
      const frame = [margin.left - 2, margin.top - 2, inner.w + 4, inner.h + 4].map(round);
      const [left, above, wideness, highness] = frame;
      add(
        `<svg x="${left}" y="${above}" width="${wideness}" height="${highness}" ` +
          `viewBox="${frame.join(" ")}">${markup}</svg>`,
      );
    }
    const api = {
      px,
      width,
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
          api.note(svg.dataset[key] ?? "", u, v, { kind, ...more });
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
      const now = svg.getBoundingClientRect();
      const { unplaceX = (v) => v, unplaceY = (v) => v } = options;
      const across = ((clientX - now.left) / scale - margin.left) / inner.w;
      const up = 1 - ((clientY - now.top) / scale - margin.top) / inner.h;
      return [back(across, x, placeX, unplaceX), back(up, y, placeY, unplaceY)];
    });
    return api;
  }

  /* Bars to the side, one a row from the top: kind, value, what is written at its end, and how far
   * an outline goes that it is compared with. */
  function bars(svg, { x, left, rows }) {
    const count = rows.length;
    const drawing = plot(svg, { x, y: [0, count], xTicks: [], yTicks: [], margin: { left, top: 4, bottom: 6, right: 10 } });
    rows.forEach(({ kind, value, text, outline }, k) => {
      const [low, high, middle] = [0.82, 0.18, 0.5].map((part) => count - k - part);
      const upTo = (end) => [[0, low], [0, high], [end, high], [end, low]];
      const end = Math.min(Math.max(value, x[0]), x[1]);
      drawing.area(kind, upTo(end));
      if (outline !== undefined) drawing.area("guide hollow", upTo(outline));
      // Behind the bar's end where there is room; a bar to the left has its number on the right.
      const place = Math.max(0, end);
      const room = drawing.px(place) + 8 + LETTER * 1.2 * text.length < drawing.width;
      drawing.note(text, place, middle, { dx: room ? 6 : -6, dy: 5, anchor: room ? "start" : "end", kind });
      drawing.note(svg.dataset[`nameRow${k}`], x[0], middle, { dx: -8, dy: 5, anchor: "end", kind: "name" });
    });
    drawing.rule(0, true, "axis");
    drawing.done();
  }

  /* The row of such bars that a place is in. */
  const row = ([, height], count) => {
    const k = count - 1 - Math.floor(height);
    return k >= 0 && k < count ? k : undefined;
  };

  /* The numbers of the figure under a pointer. */
  const under = (svg, { clientX, clientY }) => scales.get(svg)?.(clientX, clientY);

  /* The points of a function, evenly over an interval. */
  const sample = (f, [low, high], parts = 160) =>
    Array.from({ length: parts + 1 }, (_, i) => {
      const u = low + ((high - low) * i) / parts;
      return [u, f(u)];
    });

  return Object.freeze({ plot, bars, row, under, sample, ticks });
})();
