// Python beside the page: one Pyodide, started by the first run. live.js talks to it.
const home = new URL(".", self.location);
const plain = self.fetch.bind(self);
const say = (kind, rest = {}) => postMessage({ kind, ...rest });

let python = null; // the promise of a Python that has started
let fault = null; // what could not be had, and why

const json = async (name) => (await plain(new URL(name, home))).json();
const bytes = async (address) => {
  const answer = await plain(new URL(address, home));
  if (!answer.ok) throw fault = { kind: "unreachable", file: address };
  return answer.arrayBuffer();
};

// Files of Pyodide are fetched once, and only as they were pinned: whoever fetches them, Pyodide too.
async function pinned(settings) {
  const base = new URL(settings.python, home).href, asked = new Map();
  async function get(url, [integrity, size]) {
    try {
      const answer = await plain(url, { integrity });
      say("fetched", { size });
      return answer;
    } catch (error) {
      // A browser tells a file that is another and a host that is away by the same words.
      const there = await plain(url, { method: "HEAD", cache: "no-store" }).then((a) => a.ok, () => false);
      throw fault ??= { kind: there ? "refused" : "unreachable", file: url };
    }
  }
  self.fetch = async (address, options) => {
    const url = new URL(address.url ?? address, home).href;
    const known = url.startsWith(base) && settings.integrity[url.slice(base.length)];
    if (!known) return plain(address, options);
    if (!asked.has(url)) asked.set(url, get(url, known));
    return (await asked.get(url)).clone();
  };
  return base;
}

async function module(url) {
  const script = new Blob([await (await fetch(url)).text()], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  try { return await import(address); } finally { URL.revokeObjectURL(address); }
}

async function load(py, names) {
  const quiet = { messageCallback() {}, errorCallback() {} };
  await py.loadPackage(names, quiet);
  if (fault) throw fault;
}

async function start(packages) {
  const [settings, lock] = await Promise.all([json("live.json"), json("pyodide-lock.json")]);
  const base = await pinned(settings);
  // All that is needed is asked for at once; who wants it later finds it there.
  const wanted = new Set(), add = (name) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    lock.packages[name].depends.forEach(add);
  };
  packages.forEach(add);
  const names = [...Object.keys(lock.core), ...[...wanted].map((name) => lock.packages[name].file_name)];
  names.forEach((name) => fetch(base + name).catch(() => {}));
  const parts = Promise.all([...settings.wheels, "library.zip"].map(bytes));
  parts.catch(() => {});

  await module(base + "pyodide.asm.js"); // so that Pyodide does not fetch it by a way of its own
  const { loadPyodide } = await module(base + "pyodide.mjs");
  const py = await loadPyodide({
    indexURL: base,
    lockFileURL: new URL("pyodide-lock.json", home).href,
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
  });
  await load(py, packages);
  const site = py.runPython("import site; site.getsitepackages()[0]");
  for (const part of await parts) py.unpackArchive(part, "zip", { extractDir: site });
  py.FS.mkdirTree("/home/pyodide/docs/data");
  return { py, run: py.pyimport("runner").run };
}

async function lay(py, data) {
  for (const name of data) {
    const path = `/home/pyodide/docs/data/${name}`;
    if (!py.FS.analyzePath(path).exists) py.FS.writeFile(path, new Uint8Array(await bytes(`data/${name}`)));
  }
}

onmessage = async ({ data: { code, number, group, typed, packages, data } }) => {
  try {
    say("status", { word: "fetching" });
    const { py, run } = await (python ??= start(packages));
    await lay(py, data);
    await py.loadPackagesFromImports(code, { messageCallback() {}, errorCallback() {} });
    if (fault) throw fault;
    say("status", { word: "running" });
    const fine = run(code, number, group, typed, (kind, text, description) => say(kind, { text, description }));
    say("end", { fine });
  } catch (error) {
    say("lost", { word: fault?.kind ?? "broken", file: fault?.file ?? "", text: fault ? "" : String(error.message ?? error) });
  }
};
