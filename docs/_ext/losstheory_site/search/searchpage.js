// The page of the search: take the question from the address, rank and quote (scorer.js), and fill
// in the templates of search.html, where every word stands. Sphinx's index calls `Search.setIndex`; the
// texts that index.py lays beside it call `Search.setText`.

const Search = (() => {
  const MOST_HITS = 7; // at a time: each loads the text of its page
  const MOST_SECTIONS = 3; // of a page

  const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const questions = new Set(stems(asked));
  const readers = new Map(); // page -> what to do with its text, from anchor to text

  const anchorOf = (name) => name.slice(pageOf(name).length); // "" or "#…"
  const isAsked = (text) => stems(text).some((stem) => questions.has(stem));

  function quote(paragraph, text, heading) {
    for (const word of quotation(asked, text, heading)) {
      const node = isAsked(word) ? document.createElement("mark") : new Text();
      node.textContent = word;
      paragraph.append(node, " ");
    }
  }

  function read(page, action) {
    readers.set(page, action);
    const script = document.createElement("script");
    script.src = `_static/search/${page}.js`; // from disk, a script may be loaded, but no page fetched
    document.body.append(script);
  }

  function link(element, { place, name }, titles) {
    element.href = `${pageOf(name)}.html${anchorOf(name)}`;
    element.textContent = titles[place];
  }

  function show(list, { page, sections }, { docnames, titles }) {
    const item = document.getElementById("search-hit").content.cloneNode(true);
    const [best, ...others] = sections;
    const [heading, title] = item.querySelectorAll("a");
    const [paragraph, more] = item.querySelectorAll("p, ul");
    link(heading, best, titles);
    if (best.name === page) title.remove();
    else link(title, { place: docnames.indexOf(page), name: page }, titles);
    const near = others.filter(({ name, score }) => name !== page && score > best.score / 3);
    for (const section of near.slice(0, MOST_SECTIONS - 1)) {
      const entry = more.appendChild(document.createElement("li"));
      link(entry.appendChild(document.createElement("a")), section, titles);
    }
    if (!more.children.length) more.remove();
    read(page, (texts) => 
      // A section of nothing but a table is quoted by what its page says first.
      quote(paragraph, texts[anchorOf(best.name).slice(1)] || texts[""], titles[best.place]),
    );
    list.append(item);
  }

  function answer(index) {
    const hits = rank(index, asked);
    const results = document.getElementById("search-results");
    const name = hits.length ? "search-found" : "search-nothing";
    results.append(document.getElementById(name).content.cloneNode(true));
    if (!hits.length) return;
    results.querySelector("output").textContent = hits.length;
    const [list, button] = results.querySelectorAll("ol, button");
    const next = () => {
      for (const hit of hits.splice(0, MOST_HITS)) show(list, hit, index);
      button.hidden = !hits.length;
    };
    button.addEventListener("click", () => {
      const before = list.children.length;
      next();
      list.children[before].querySelector("a").focus();
    });
    next();
  }

  return {
    setIndex(index) {
      this.index = index;
      for (const field of document.querySelectorAll("input[name=q]")) field.value = asked;
      if (asked) answer(index);
    },
    setText(page, texts) {
      readers.get(page)(texts);
    },
  };
})();
