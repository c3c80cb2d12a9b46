/* The frame around everything that moves: controls in, numbers and sentences out.
 *
 * A figure calls moving.define(name, figure) in a script of its own. Its markup, NAME.html, holds
 * every word. The frame reads the controls into `state`, calls figure.values(state) for all that
 * is shown, and fills it in:
 *
 *   data-control="z"    a slider, a group of radio buttons or a check box; data-field is a slider's
 *                       twin to type into, which may reach further
 *   data-show="o"       shows the value o; data-as says how (see `write`)
 *   data-say="wrong"    a sentence that is shown while figure.says(state, values) names it; a screen
 *                       reader hears all that are shown once the controls rest
 *   data-say-as="..."   on a slider or an <svg>: its value or description for a screen reader, a
 *                       sentence with places like {o}
 *   data-plot="loss"    an <svg> that figure.draw(plots, state, values) draws
 *   data-set="z=1&y=0"  a button that sets controls; data-set="" sets all as at the start
 *   data-needs="guess"  a button that can be pressed once the control has a value
 *   data-play           a button that runs the control named by figure.race.control to its end
 *   data-copy           a button that copies the address of this state; data-copied is shown then
 *
 * The address carries the state behind the figure's id, #neuron&z=1.1&y=0. Names that nothing here
 * knows are passed over. With &projector in it (#neuron&projector) the figure fills the window, larger
 * and with fewer controls, until Escape or Back; what class "moving-more" marks is left out there.
 * A classic script without imports: browsers refuse modules from disk.
 */
const moving = (() => {
  "use strict";

  const REST_MS = 400; // the controls rest when they have not moved for this long
  const DESIGNED = [840, 600]; // the window that a figure is made for; a projector enlarges it to its own

  /* ---- Numbers as text ---- */

  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const superscript = (digits) =>
    digits.replace(/[-\d]/g, (c) => (c === "-" ? "⁻" : RAISED[Number(c)]));
  const minus = (text) => text.replace("-", "−");

  function scientific(value) {
    const [digits, exponent] = value.toExponential(2).split("e");
    return `${minus(digits)} × 10${superscript(exponent.replace("+", ""))}`;
  }

  function decimal(value, places) {
    const size = Math.abs(value);
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : minus(`${value < 0 ? "-" : ""}∞`);
    if (size !== 0 && (size < 0.5 * 10 ** -places || size >= 1e6)) return scientific(value);
    return minus(value.toFixed(places)).replace(/^−(0\.?0*)$/, "$1");
  }

  /* A whole per cent needs no decimals, the neighbourhood of none and of all needs two. */
  function percentPlaces(value) {
    if (Math.abs(100 * value - Math.round(100 * value)) < 1e-9) return value > 0 && value < 1e-9 ? 2 : 0;
    return value > 0.99 || value < 0.01 ? 2 : 1;
  }

  const WRITE = {
    number: (value) => decimal(value, 4),
    two: (value) => decimal(value, 2),
    short: (value) =>
      Math.abs(value) >= 1e6 || !Number.isFinite(value)
        ? decimal(value, 0)
        : minus(String(Number(value.toPrecision(3)))),
    percent: (value) => `${decimal(100 * value, percentPlaces(value))} %`,
    whole: (value) => (Number.isFinite(value) ? minus(String(Math.round(value))) : decimal(value, 0)),
    every: (value) => String(value),
  };

  /* As the markup wants it. A count beyond data-limit is "> limit"; what has no value is a dash. */
  function write(value, { as = "number", limit = "" } = {}) {
    if (typeof value === "string") return value;
    if (value === null || value === undefined) return "–";
    if (value === Infinity && limit) return `> ${limit}`;
    return WRITE[as](Number(value));
  }

  /* A sentence of the markup with its places filled: {o}, or {o:percent}. */
  const fill = (sentence, known) =>
    sentence.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name, as) => write(known[name], { as }));

  /* ---- Controls ---- */

  /* One entry a name: its start, how it is written to the page, and what a text means to it. */
  function control(elements, fields) {
    const [first] = elements;
    if (first.type === "radio") {
      const values = elements.map((element) => element.value);
      return {
        start: elements.find((element) => element.defaultChecked)?.value ?? "",
        show: (value) => elements.forEach((element) => (element.checked = element.value === value)),
        read: (text) => (values.includes(text) ? text : undefined),
      };
    }
    if (first.type === "checkbox") {
      return {
        start: Number(first.defaultChecked),
        show: (value) => (first.checked = Boolean(value)),
        read: (text) => ({ 0: 0, 1: 1 })[text],
      };
    }
    const [field = first] = fields;
    return {
      start: Number(first.defaultValue),
      /* The field that is typed into keeps what is typed, such as "0." on the way to 0.5. */
      show: (value, typedInto) => {
        for (const element of [first, ...fields])
          if (element !== typedInto || element.type === "range") element.value = value;
      },
      read: (text) => {
        const value = String(text).trim() === "" ? NaN : Number(text);
        const fits = Number.isFinite(value) && value >= Number(field.min) && value <= Number(field.max);
        return fits ? value : undefined;
      },
    };
  }

  function group(elements, key) {
    const groups = {};
    for (const element of elements) (groups[element.dataset[key]] ??= []).push(element);
    return groups;
  }

  /* The one control that every figure has and no markup shows; an address needs its name only. */
  const PROJECTOR = {
    start: 0,
    read: (text) => ({ "": 1, 1: 1, 0: 0 })[text],
    write: (value) => (value ? "" : "0"),
  };

  /* Everything on the page but the element: while it fills the window, nobody can get there. */
  function* besides(element) {
    for (let inner = element; inner !== document.body; inner = inner.parentElement) {
      for (const other of inner.parentElement.children) if (other !== inner) yield other;
    }
  }

  /* ---- A figure's life ---- */

  function start(root, figure) {
    const all = (selector) => [...root.querySelectorAll(selector)];
    const one = (selector) => root.querySelector(selector);
    const sliders = group(all("[data-control]"), "control");
    const fields = group(all("[data-field]"), "field");
    const controls = Object.fromEntries(
      Object.entries(sliders).map(([name, elements]) => [name, control(elements, fields[name] ?? [])]),
    );
    // A figure may keep more than its controls show, such as points: start, read and write as text.
    Object.assign(controls, figure.keeps?.(root) ?? {}, { projector: PROJECTOR });
    const plots = Object.fromEntries(all("[data-plot]").map((svg) => [svg.dataset.plot, svg]));
    const refusal = one("[data-refusal]");
    const status = one("[data-status]");
    const beginning = Object.fromEntries(
      Object.entries(controls).map(([name, { start: value }]) => [name, value]),
    );
    let state = { ...beginning };
    let animation = null;

    /* ---- out ---- */

    function render() {
      const values = figure.values(state, root);
      const known = { ...state, ...values };
      for (const element of all("[data-show]")) {
        const as = known.digits === 1 && !element.dataset.as ? "every" : element.dataset.as;
        const text = write(known[element.dataset.show], { ...element.dataset, as });
        if (element.textContent !== text) element.textContent = text;
      }
      // One of something, or several: the markup has both words.
      for (const element of all("[data-count]")) {
        const single = Number(known[element.dataset.count]) === 1;
        element.textContent = single ? element.dataset.one : element.dataset.other;
      }
      const said = new Set(figure.says?.(state, values) ?? []);
      for (const element of all("[data-say]")) element.hidden = !said.has(element.dataset.say);
      for (const element of all("[data-say-as]")) {
        const text = fill(element.dataset.sayAs, known);
        element.setAttribute(element.localName === "input" ? "aria-valuetext" : "aria-label", text);
      }
      // What waits for an answer, such as a guess, can be pressed once there is one.
      for (const element of all("[data-needs]")) element.disabled = state[element.dataset.needs] === "";
      const running = animation !== null;
      for (const element of all("[data-while]")) element.hidden = (element.dataset.while === "running") !== running;
      project(Boolean(state.projector));
      figure.draw?.(plots, state, values, root);
    }

    /* Fill the window, or stand in the page again. */
    function project(wanted) {
      const scale = Math.max(1, Math.min(innerWidth / DESIGNED[0], innerHeight / DESIGNED[1]));
      for (const svg of Object.values(plots)) svg.dataset.scale = wanted ? scale : 1;
      root.style.fontSize = wanted ? `${scale}rem` : "";
      if (wanted === root.classList.contains("projected")) return;
      root.classList.toggle("projected", wanted);
      for (const other of besides(root)) other.inert = wanted;
      if (wanted) root.focus();
      else one("[data-set='projector']").focus();
    }

    function set(wanted, { remember = true, keepRunning = false, typedInto = null } = {}) {
      if (!keepRunning) pause();
      const before = state;
      state = { ...state, ...wanted };
      if (figure.settle) state = { ...state, ...figure.settle(state, wanted, before) };
      for (const [name, { show }] of Object.entries(controls)) show?.(state[name], typedInto);
      for (const field of all("[aria-invalid]")) field.removeAttribute("aria-invalid");
      if (refusal) refusal.textContent = "";
      render();
      if (remember) settleSoon();
    }

    /* ---- the address ---- */

    const asText = (name, value) => controls[name].write?.(value) ?? String(value);

    function address() {
      const changed = Object.keys(controls).filter(
        (name) =>
          !figure.follows?.includes(name) &&
          asText(name, state[name]) !== asText(name, beginning[name]),
      );
      const pairs = changed.map((name) => [name, encodeURIComponent(asText(name, state[name]))]);
      return `#${[root.id, ...pairs.map(([name, text]) => (text === "" ? name : `${name}=${text}`))].join("&")}`;
    }

    /* What a text like "z=1.1&y=0" sets, without what is unknown here or out of range. */
    function parse(text) {
      const wanted = {};
      for (const [name, value] of new URLSearchParams(text)) {
        const read = Object.hasOwn(controls, name) ? controls[name].read(value) : undefined;
        if (read !== undefined) wanted[name] = read;
      }
      return wanted;
    }

    let settling;
    function settleSoon() {
      clearTimeout(settling);
      settling = setTimeout(() => {
        if (animation !== null) return;
        if (location.hash !== address()) history.pushState(history.state, "", address());
        announce();
      }, REST_MS);
    }

    function announce() {
      if (!status) return;
      const said = all("[data-say]:not([hidden])").map((element) => element.textContent.trim());
      status.textContent = said.join(" ").replace(/\s+/g, " ");
    }

    /* The state that the address asks for, if it names this figure; an empty one asks for the start. */
    function fromAddress(arriving) {
      const [id, ...pairs] = location.hash.slice(1).split("&");
      const old = id.includes("="); // an address from before figures had ids in it
      const first = document.querySelector("[data-moving]") === root;
      if (id !== "" && id !== root.id && !(old && first)) {
        if (state.projector) set({ projector: 0 }, { remember: false });
        return;
      }
      const wanted = parse(old ? location.hash.slice(1) : pairs.join("&"));
      if (arriving && !Object.keys(wanted).length) return;
      set({ ...beginning, ...wanted }, { remember: false });
      if (arriving && id !== "") root.scrollIntoView();
    }

    /* ---- running ---- */

    function pause() {
      cancelAnimationFrame(animation);
      animation = null;
    }

    function play() {
      const { control: name, seconds } = figure.race;
      const last = Number(sliders[name][0].max);
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
        set({ [name]: last }); // straight to the end; the slider shows what lies between
        return;
      }
      const from = state[name] >= last ? 0 : state[name];
      let begin = null;
      const tick = (now) => {
        begin ??= now - (from / last) * seconds * 1000;
        const reached = Math.min(last, Math.floor((last * (now - begin)) / (seconds * 1000)));
        animation = reached < last ? requestAnimationFrame(tick) : null;
        set({ [name]: reached }, { keepRunning: true, remember: reached >= last });
      };
      animation = requestAnimationFrame(tick);
      render();
    }

    /* ---- in ---- */

    root.addEventListener("input", ({ target }) => {
      const name = target.dataset.control ?? target.dataset.field;
      if (!name || !controls[name]) return;
      const text = target.type === "checkbox" ? String(Number(target.checked)) : target.value;
      const value = controls[name].read(text);
      if (value !== undefined) {
        set({ [name]: value }, { typedInto: target });
        return;
      }
      target.setAttribute("aria-invalid", "true");
      if (refusal) refusal.textContent = fill(refusal.dataset.refusal, { min: target.min, max: target.max });
    });

    /* Leaving a field takes back what was refused. */
    root.addEventListener("focusout", ({ target }) => {
      const { field } = target.dataset;
      if (!field) return;
      target.value = state[field];
      target.removeAttribute("aria-invalid");
      if (refusal) refusal.textContent = "";
    });

    root.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      const { set: wanted } = button.dataset;
      if (wanted === "") set({ ...beginning, projector: state.projector });
      else if (wanted) set(parse(wanted));
      else if ("copy" in button.dataset) copy();
      else if ("play" in button.dataset) {
        if (animation === null) play();
        else {
          pause();
          render();
          settleSoon();
        }
      } else if (figure.actions?.[button.dataset.act]) {
        set(figure.actions[button.dataset.act](state, root));
      }
    });

    async function copy() {
      const link = location.href.split("#")[0] + address();
      const copied = one("[data-copied]");
      try {
        await navigator.clipboard.writeText(link);
      } catch {
        // Where scripts may not write there, the address bar has it.
        history.replaceState(history.state, "", address());
      }
      copied.hidden = false;
      setTimeout(() => (copied.hidden = true), 4000);
    }

    /* Dragging in a plot sets controls, as the sliders do for those who do not drag. A plot that
     * is dragged sideways leaves the vertical gesture, the scroll, to the page. */
    for (const [name, toState] of Object.entries(figure.drags ?? {})) {
      const svg = plots[name];
      let grasped = null;
      const follow = (event) => {
        const place = draw.under(svg, event);
        const wanted = place && toState(place, state, grasped, svg);
        if (!wanted) return;
        const known = {};
        for (const [key, value] of Object.entries(wanted)) {
          const read = controls[key].read(asText(key, value));
          if (read !== undefined) known[key] = read;
        }
        set(known);
      };
      svg.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        grasped = figure.grasp ? figure.grasp(draw.under(svg, event), state, svg, event) : true;
        if (grasped === null || grasped === undefined) return;
        svg.setPointerCapture(event.pointerId);
        follow(event);
      });
      svg.addEventListener("pointermove", (event) => {
        if (svg.hasPointerCapture(event.pointerId)) follow(event);
      });
    }

    addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && state.projector) set({ projector: 0 });
    });
    root.addEventListener("submit", (event) => event.preventDefault()); // of any of its forms
    addEventListener("popstate", () => fromAddress(false));
    new ResizeObserver(render).observe(root);
    addEventListener("resize", () => state.projector && render());
    set({}, { remember: false });
    fromAddress(true);
    root.classList.add("ready");
  }

  function define(name, figure) {
    for (const root of document.querySelectorAll(`[data-moving="${name}"]`)) start(root, figure);
  }

  return Object.freeze({ define, write, fill });
})();
