/* The explorer's behaviour: controls in, numbers and curves out. The arithmetic is lossMath's.
 *
 * A classic script without imports, because browsers refuse modules from file://. The page's
 * markup, with the numbers of the first case, is made at build by explorer.py.
 */
(() => {
  "use strict";

  const LAST_STEP = 3000;
  const STEP_LIMIT = 10000; // steps counted until we say "more than"
  const RACE_SECONDS = 8;
  const QUIET_MS = 500; // the controls rest when they have not moved for this long

  const root = document.querySelector(".explorer");
  if (!root) return;
  const all = (selector) => [...root.querySelectorAll(selector)];
  const one = (selector) => root.querySelector(selector);
  const byName = (selector, key) =>
    Object.fromEntries(all(selector).map((element) => [element.dataset[key], element]));
  const sliders = byName("[data-slider]", "slider");
  const fields = byName("[data-field]", "field");
  const shown = byName("[data-show]", "show");
  const plots = byName("[data-plot]", "plot");
  const names = Object.keys(fields);
  const stepSlider = one("[data-step]");
  const playButton = one("[data-play]");

  const state = Object.fromEntries(names.map((name) => [name, Number(fields[name].value)]));
  let stop = 0; // position on the scale of steps, an index into STOPS
  let animation = null;
  let everyDigit = false;

  /* The steps the race stops at: each of the first, then ever fewer. Position and drawing share
   * log(1 + n), which, unlike log(n), has a place for the start. */
  const along = (n) => Math.log1p(n) / Math.log1p(LAST_STEP);
  const spread = (parts) => {
    const step = (_, i) => Math.round(Math.expm1((i / parts) * Math.log1p(LAST_STEP)));
    return [...new Set(Array.from({ length: parts + 1 }, step))];
  };
  const STOPS = spread(160);
  const DRAWN = spread(800);
  stepSlider.max = STOPS.length - 1;

  /* ---- Numbers as text ---- */

  /* The page spells them out, so that its font, cut to the characters in use, has them. */
  const raised = one("[data-superscripts]").textContent;
  const superscript = (digits) => digits.replace(/[-\d]/g, (c) => raised["-0123456789".indexOf(c)]);

  function text(value) {
    if (everyDigit) return String(value);
    const size = Math.abs(value);
    if (size === 0 || (size >= 5e-4 && size < 1e5)) return value.toFixed(4).replace("-", "−");
    const [digits, exponent] = value.toExponential(2).split("e");
    return `${digits.replace("-", "−")} × 10${superscript(exponent.replace("+", ""))}`;
  }

  const count = (steps) =>
    steps === null ? "–" : steps === Infinity ? `> ${STEP_LIMIT}` : String(steps);

  /* ---- State in and out ---- */

  /* Reads "x=1.5&w=0.4"; null unless every name is known and every number in its range. */
  function parse(query) {
    const wanted = {};
    for (const [name, value] of new URLSearchParams(query)) {
      if (!(name in fields) || value.trim() === "" || refusal(name, Number(value))) return null;
      wanted[name] = Number(value);
    }
    return Object.keys(wanted).length ? wanted : null;
  }

  function refusal(name, value) {
    const { min, max } = fields[name];
    const symbol = name === "eta" ? "η" : name;
    if (Number.isFinite(value) && value >= Number(min) && value <= Number(max)) return "";
    return `${symbol} must be a number from ${min} to ${max}; the last one that was is kept.`;
  }

  function set(wanted, { remember = true } = {}) {
    pause();
    stop = 0;
    Object.assign(state, wanted);
    for (const name of Object.keys(wanted)) {
      sliders[name].value = state[name];
      if (document.activeElement !== fields[name]) fields[name].value = state[name];
      fields[name].removeAttribute("aria-invalid");
    }
    one("[data-refusal]").textContent = "";
    draw();
    if (remember) settleSoon();
  }

  /* Once the controls rest, the address carries the state and screen readers hear the result. */
  let settling;
  function settleSoon() {
    clearTimeout(settling);
    settling = setTimeout(() => {
      const hash = names.map((name) => `${name}=${state[name]}`).join("&");
      history.replaceState(history.state, "", `#${hash}`);
      one("[data-status]").textContent = one("[data-words]").textContent;
    }, QUIET_MS);
  }

  /* ---- Drawing ---- */

  const MARGIN = { top: 8, right: 16, bottom: 24, left: 38 };
  const SAMPLES = 160;

  /* Round numbers across [low, high], about `wanted` of them. */
  function ticks(low, high, wanted) {
    const rough = (high - low) / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const first = Math.ceil(low / step);
    return Array.from(
      { length: Math.floor(high / step) - first + 1 },
      (_, i) => (first + i) * step,
    );
  }

  const tickText = (value) => String(Number(value.toPrecision(6))).replace("-", "−");

  /* A frame with its two scales. Curves are cut off at it; runners outside it are not drawn. */
  function plot(svg, { x, y, xTicks, yTicks, place = (v) => v }) {
    const { width, height } = svg.getBoundingClientRect();
    // A page that is not laid out yet has no width; it is drawn again when it has.
    const inner = {
      w: Math.max(1, width - MARGIN.left - MARGIN.right),
      h: Math.max(1, height - MARGIN.top - MARGIN.bottom),
    };
    const px = (v) =>
      MARGIN.left + (inner.w * (place(v) - place(x[0]))) / (place(x[1]) - place(x[0]));
    const py = (v) => MARGIN.top + inner.h * (1 - (v - y[0]) / (y[1] - y[0]));
    const round = (v) => v.toFixed(1);
    const parts = [];
    for (const v of yTicks) {
      parts.push(`<path class="grid" d="M${MARGIN.left} ${round(py(v))}h${inner.w}"/>`);
      parts.push(
        `<text x="${MARGIN.left - 7}" y="${round(py(v) + 4)}" text-anchor="end">${tickText(v)}</text>`,
      );
    }
    for (const v of xTicks) {
      parts.push(`<path class="grid" d="M${round(px(v))} ${MARGIN.top}v${inner.h}"/>`);
      parts.push(
        `<text x="${round(px(v))}" y="${height - 6}" text-anchor="middle">${tickText(v)}</text>`,
      );
    }
    const inside = (v, [low, high]) => v >= low && v <= high;
    const api = {
      rule: (v, vertical) => {
        const d = vertical
          ? `M${round(px(v))} ${MARGIN.top}v${inner.h}`
          : `M${MARGIN.left} ${round(py(v))}h${inner.w}`;
        parts.push(`<path class="rule" d="${d}"/>`);
      },
      curve: (kind, points) => {
        const d = points.map(([u, v]) => `${round(px(u))} ${round(py(v))}`).join("L");
        const box = [MARGIN.left, MARGIN.top - 2, inner.w, inner.h + 4]; // 2: half a stroke
        const [left, above, wide, high] = box;
        parts.push(
          `<svg x="${left}" y="${above}" width="${wide}" height="${high}" viewBox="${box.join(" ")}">` +
            `<path class="curve explorer-${kind}" d="M${d}"/></svg>`,
        );
      },
      runner: (kind, u, v) => {
        if (!inside(u, x) || !inside(v, y)) return;
        const [cx, cy] = [px(u), py(v)];
        parts.push(
          kind === "cross"
            ? `<circle class="runner explorer-cross" cx="${round(cx)}" cy="${round(cy)}" r="6"/>`
            : `<rect class="runner explorer-squared" x="${round(cx - 5.5)}" y="${round(cy - 5.5)}" width="11" height="11"/>`,
        );
      },
      done: (label) => {
        svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        svg.setAttribute("aria-label", label);
        svg.innerHTML = parts.join("");
      },
    };
    return api;
  }

  const KINDS = { cross: "nats", squared: "squared" }; // how a loss looks, and which it is

  /* The two panels over z: draw one function of each loss, with the runners where they are. */
  function drawOverLogit(svg, what, y, yTicks, z, runners, label) {
    const reach = Math.max(6, Math.abs(z) * 1.15);
    const frame = plot(svg, { x: [-reach, reach], y, xTicks: ticks(-reach, reach, 6), yTicks });
    frame.rule(z, true);
    for (const [kind, loss] of Object.entries(KINDS)) {
      const f = lossMath.losses[loss][what];
      const points = Array.from({ length: SAMPLES + 1 }, (_, i) => {
        const u = reach * ((2 * i) / SAMPLES - 1);
        return [u, f(state.y, u)];
      });
      frame.curve(kind, points);
    }
    for (const [kind, loss] of Object.entries(KINDS)) {
      frame.runner(kind, runners[kind], lossMath.losses[loss][what](state.y, runners[kind]));
    }
    frame.done(label);
  }

  function drawRace(paths, n, label) {
    const frame = plot(plots.race, {
      x: [0, LAST_STEP],
      y: [0, 1],
      xTicks: [0, 1, 3, 10, 30, 100, 300, 1000, LAST_STEP],
      yTicks: [0, 0.25, 0.5, 0.75, 1],
      place: along,
    });
    frame.rule(0.5, false);
    for (const kind of Object.keys(KINDS)) {
      frame.curve(
        kind,
        DRAWN.map((step) => [step, lossMath.sigmoid(paths[kind][step])]),
      );
    }
    for (const kind of Object.keys(KINDS)) frame.runner(kind, n, lossMath.sigmoid(paths[kind][n]));
    frame.done(label);
  }

  function draw() {
    const table = lossMath.neuronTable(state);
    const steps = {};
    for (const loss of Object.keys(lossMath.losses)) {
      steps[loss] = lossMath.stepsToHalf(loss, state, STEP_LIMIT);
      for (const key of ["value", "db", "dw"])
        shown[`${loss}.${key}`].textContent = text(table[loss][key]);
      shown[`${loss}.steps`].textContent = count(steps[loss]);
    }
    shown.z.textContent = text(table.z);
    shown.o.textContent = text(table.o);

    const paths = {};
    for (const [kind, loss] of Object.entries(KINDS))
      paths[kind] = lossMath.descend(loss, state, LAST_STEP);
    const n = STOPS[stop];
    const runners = { cross: paths.cross[n], squared: paths.squared[n] };
    const outputs = {
      cross: text(lossMath.sigmoid(runners.cross)),
      squared: text(lossMath.sigmoid(runners.squared)),
    };
    shown.step.textContent = n;
    shown["cross.o"].textContent = outputs.cross;
    shown["squared.o"].textContent = outputs.squared;
    stepSlider.value = stop;
    stepSlider.setAttribute(
      "aria-valuetext",
      `step ${n}, cross entropy ${outputs.cross}, squared error ${outputs.squared}`,
    );

    const top = Math.max(2, table.nats.value * 1.1);
    const at = `At z = ${text(table.z)}`;
    drawOverLogit(
      plots.loss,
      "value",
      [0, top],
      ticks(0, top, 4),
      table.z,
      runners,
      `Over the logit, cross entropy rises to a straight line on the wrong side; squared error levels off. ${at} they are ${text(table.nats.value)} nats and ${text(table.squared.value)}.`,
    );
    drawOverLogit(
      plots.slope,
      "slope",
      [-state.y - 0.08, 1.08 - state.y],
      ticks(-state.y, 1 - state.y, 4),
      table.z,
      runners,
      `The slope of cross entropy is the error, output minus target; that of squared error is a hump that falls back to 0. ${at} they are ${text(table.nats.db)} and ${text(table.squared.db)}.`,
    );
    drawRace(
      paths,
      n,
      `Steps from the same start to output ½: cross entropy ${count(steps.nats)}, squared error ${count(steps.squared)}.`,
    );
    one("[data-words]").textContent = words(table, steps);
  }

  function words(table, steps) {
    const { nats, squared, o } = table;
    const said = `The neuron says ${text(o)} where ${state.y} is right.`;
    if (nats.db === 0) return `${said} Both slopes are 0: there is nothing to learn.`;
    const ratio = 1 / lossMath.sigmoidSlope(table.z);
    const less = ratio < 1e5 ? Number(ratio.toPrecision(3)) : text(ratio);
    const pull = `Cross entropy moves its logit with slope ${text(nats.db)}, squared error with ${text(squared.db)}: ${less} times less.`;
    if (steps.nats === null || steps.nats === 0) return `${said} ${pull}`;
    return `${said} ${pull} Steps to output ½, at step size ${state.eta}: ${count(steps.nats)} against ${count(steps.squared)}.`;
  }

  /* ---- The race ---- */

  function play() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      stop = STOPS.length - 1; // straight to the end; the slider shows what lies between
      draw();
      return;
    }
    if (stop === STOPS.length - 1) stop = 0;
    const begin = performance.now() - along(STOPS[stop]) * RACE_SECONDS * 1000;
    const frame = (now) => {
      const reached = (now - begin) / (RACE_SECONDS * 1000);
      while (stop < STOPS.length - 1 && along(STOPS[stop + 1]) <= reached) stop += 1;
      draw();
      if (stop < STOPS.length - 1) animation = requestAnimationFrame(frame);
      else pause();
    };
    playButton.textContent = "Pause";
    animation = requestAnimationFrame(frame);
  }

  function pause() {
    cancelAnimationFrame(animation);
    animation = null;
    playButton.textContent = "Run the race";
  }

  /* ---- Events ---- */

  root.addEventListener("input", ({ target }) => {
    const { slider, field } = target.dataset;
    if (slider) {
      set({ [slider]: Number(target.value) });
    } else if (field) {
      const value = target.value.trim() === "" ? NaN : Number(target.value);
      const refused = refusal(field, value);
      if (!refused) set({ [field]: value });
      if (refused) target.setAttribute("aria-invalid", "true");
      one("[data-refusal]").textContent = refused;
    } else if ("step" in target.dataset) {
      pause();
      stop = Number(target.value);
      draw();
    } else if ("digits" in target.dataset) {
      everyDigit = target.checked;
      draw();
    }
  });

  /* Leaving a field takes back what was refused. */
  root.addEventListener("focusout", ({ target }) => {
    if (!target.dataset.field) return;
    target.value = state[target.dataset.field];
    target.removeAttribute("aria-invalid");
    one("[data-refusal]").textContent = "";
  });

  root.addEventListener("click", ({ target }) => {
    if (target.dataset.case) {
      set(parse(target.dataset.case));
    } else if (target === playButton) {
      if (animation) pause();
      else play();
    }
  });

  one("form").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", fromHash);
  new ResizeObserver(draw).observe(one(".explorer-panels"));

  function fromHash() {
    const wanted = parse(location.hash.slice(1));
    if (wanted) set(wanted, { remember: false });
  }

  fromHash();
})();
