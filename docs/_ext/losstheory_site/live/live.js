// Edit and run the examples of a page in the page. live.html holds every word, worker.js Python.
(() => {
  const template = document.getElementById("live");
  if (!template) return;
  if (location.protocol === "file:") {
    template.before(template.content.querySelector(".live-from-disk").cloneNode(true));
    return;
  }
  const { home, packages, data } = template.dataset;
  const list = (text) => text.split(" ").filter(Boolean);
  const hidden = JSON.parse(document.getElementById("live-hidden").textContent);
  const words = (name) => template.content.querySelector(`[data-word="${name}"]`).innerHTML;

  let worker = null; // Python, once it was asked for
  let hear = null; // who hears what it says: the example that runs
  let stopped = null; // called when it is ended from outside

  // ---- the examples, in the order of the page ----

  const examples = [];
  const typed = (text) => text.split("\n").filter((line) => /^(>>>|\.\.\.)( |$)/.test(line))
    .map((line) => line.slice(4)).join("\n");

  function find() {
    let cells = 0;
    for (const element of document.querySelectorAll("article .cell, article .highlight pre")) {
      if (element.matches(".cell")) {
        const pre = element.querySelector(".cell_input pre");
        const output = element.querySelector(":scope > .cell_output");
        add({ code: hidden[cells++] ?? pre.textContent, place: pre ? pre.closest("[class*=highlight-]") : output, output,
          expected: element.matches('[class*="raises-exception"]') });
      } else if (!element.closest(".cell, .recorded")) {
        const place = element.closest("div[class*=highlight-]"), next = place.nextElementSibling;
        if (place.matches(".highlight-Python"))
          add({ code: element.textContent, place, output: next?.matches(".sphx-glr-script-out") ? next : null });
        else if (element.textContent.startsWith(">>> "))
          add({ code: typed(element.textContent), place, typed: true });
      }
    }
  }

  function add(example) {
    const original = example.code.replace(/\n+$/, "");
    const group = example.place?.closest("dl.py")?.querySelector("dt[id]")?.id ?? "";
    examples.push({ output: null, typed: false, expected: false, ...example, original, group, code: original,
      ran: null, number: examples.length + 1 });
  }

  function made(name, example) {
    const html = template.content.querySelector(name).outerHTML.replaceAll("{n}", example.number);
    return document.createRange().createContextualFragment(html).firstElementChild;
  }

  // ---- what the reader sees ----

  function dress(example) {
    const button = made(".live-open", example);
    button.addEventListener("click", () => open(example));
    example.place.classList.add("live-place");
    example.place.append(button);
    example.button = button;
  }

  function open(example) {
    if (example.panel) return example.area.focus();
    const panel = example.panel = made(".live-panel", example);
    const get = (name) => panel.querySelector(`.live-${name}`);
    Object.assign(example, { area: get("code"), shown: get("output"), status: get("status"), ask: get("ask"), bar: get("bar"), stop: get("stop") });
    example.area.value = example.code;
    example.area.rows = example.code.split("\n").length;
    example.area.addEventListener("input", () => {
      example.code = example.area.value;
      example.area.rows = example.code.split("\n").length;
    });
    example.area.addEventListener("keydown", (event) => press(event, example));
    get("run").addEventListener("click", () => run(example));
    get("agree").addEventListener("click", () => { agree(); example.area.focus(); run(example); });
    example.stop.addEventListener("click", () => { stopped?.("stopped"); example.area.focus(); });
    for (const button of panel.querySelectorAll(".live-reset")) button.addEventListener("click", () => reset(example));
    if (example.place !== example.output) example.place.hidden = true;
    example.place.after(panel);
    example.area.focus();
    run(example);
  }

  function press(event, example) {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      run(example);
    } else if (!event.shiftKey && !event.altKey && !event.isComposing) {
      // A new line begins as far in as this one, and further after a colon.
      const before = example.area.value.slice(0, example.area.selectionStart);
      const line = before.slice(before.lastIndexOf("\n") + 1);
      const indent = line.match(/^ */)[0] + (/:\s*$/.test(line) ? "    " : "");
      event.preventDefault();
      document.execCommand("insertText", false, `\n${indent}`); // which one can undo
    }
  }

  function reset(example) {
    if (hear?.example === example) stopped("stopped");
    example.panel.remove();
    example.panel = null;
    example.code = example.original;
    example.place.hidden = false;
    if (example.output) example.output.hidden = false;
    example.button.focus();
  }

  function say(example, word, fill = {}) {
    if (!example.panel) return;
    let html = words(word);
    for (const [name, value] of Object.entries(fill)) html = html.replaceAll(`{${name}}`, value);
    if (example.status.innerHTML !== html) example.status.innerHTML = html;
  }

  // ---- leave to fetch Python, given once for what is fetched ----

  let known = [];
  try { known = list(sessionStorage.getItem("live") ?? ""); } catch { /* a browser may keep nothing */ }
  const agreed = () => list(packages).every((name) => known.includes(name));
  function agree() {
    known = [...new Set([...known, ...list(packages)])];
    try { sessionStorage.setItem("live", known.join(" ")); } catch { /* as above */ }
    for (const one of examples) if (one.panel) one.ask.hidden = !(one.bar.hidden = false);
  }

  // ---- to run ----

  async function run(example) {
    if (hear) return;
    if (!agreed()) {
      example.ask.hidden = !(example.bar.hidden = true);
      example.panel.querySelector(".live-agree").focus();
      return;
    }
    const above = examples.filter((one) => one.group === example.group && one.number <= example.number);
    const first = above.findIndex((one) => one === example || one.ran !== one.code);
    example.shown.replaceChildren();
    if (example.output) example.output.hidden = true;
    example.panel.setAttribute("aria-busy", "true");
    example.stop.disabled = false;
    let word = "done", fill = {};
    for (const one of above.slice(first)) {
      const end = await ask(one, example);
      if (end.word) { word = end.word; fill = end; break; }
      one.ran = end.code;
      if (!end.fine && !one.expected) { word = one === example ? "raised" : "raised-above"; fill = { n: one.number }; one.ran = null; break; }
    }
    if (!example.panel) return;
    example.panel.removeAttribute("aria-busy");
    example.stop.disabled = true;
    say(example, word, fill);
    if (fill.text) write(example, "error", fill.text);
  }

  // Let Python run one example; what it shows is shown under the one that the reader runs.
  function ask(one, example) {
    return new Promise((end) => {
      const code = one.code;
      let fetched = 0;
      const finish = (result) => { hear = stopped = null; end({ code, ...result }); };
      const lose = (word, rest) => {
        worker?.terminate();
        worker = null;
        for (const other of examples) other.ran = null;
        finish({ word, ...rest });
      };
      stopped = (word) => lose(word);
      hear = ({ kind, ...message }) => {
        if (kind === "status") {
          say(example, message.word === "running" && one !== example ? "running-above" : message.word, { n: one.number, done: 0 });
        } else if (kind === "fetched") {
          fetched += message.size;
          say(example, "fetching", { done: Math.round(fetched / 1e6) });
        } else if (kind === "end") finish(message);
        else if (kind === "lost") lose(message.word, message);
        else if (one === example || kind === "error") write(example, kind, message.text, message.description);
      };
      hear.example = example;
      if (!worker) {
        worker = new Worker(new URL(`${home}worker.js`, location), { type: "module" });
        worker.addEventListener("message", (event) => hear?.(event.data));
        worker.addEventListener("error", (event) => stopped && lose("broken", { text: event.message ?? "" }));
      }
      worker.postMessage({ code, number: one.number, group: one.group, typed: one.typed,
        packages: list(packages), data: list(data) });
    });
  }

  function write(example, kind, text, description) {
    if (!example.panel) return;
    const last = example.shown.lastElementChild;
    if (kind === "text" && last?.matches(".live-text")) return void last.append(text);
    const element = document.createElement(kind === "text" || kind === "error" ? "pre" : "div");
    element.className = `live-${kind}`;
    if (kind === "html" || kind === "figure") element.innerHTML = text;
    else if (kind === "cut") element.innerHTML = words("cut");
    else { element.append(text); element.tabIndex = 0; }
    if (kind === "figure" && !description) element.firstElementChild.setAttribute("aria-label", words("figure"));
    example.shown.append(element);
  }

  find();
  examples.filter((example) => example.place).forEach(dress);
})();
