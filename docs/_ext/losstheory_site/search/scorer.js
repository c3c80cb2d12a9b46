// How well the sections of the site answer a query, and which of their words say so. Sphinx puts this file behind the stemmer, the
// words that do not count and the splitter (language.py), which it uses; searchpage.js shows what
// it finds. Nothing here touches the page, so that tests can run it anywhere.

// What a word is worth where it stands. A word that begins one in the index, which it is not itself,
// is worth a part.
const WORTH = { synonym: 5, heading: 4, pageTitle: 1.5, text: 1, beginning: 0.5 };

// Between equal hits the kind of page decides: first what explains, last what lists. What only lists
// every word of the field comes after what answers.
const KINDS = [
  ["reference/bibliography", 0.05], ["reference/checks", 0.05], ["reference/slips", 0.05],
  ["reference/equation-checks", 0.3], ["reference/checker-tutorial", 0.3],
  ["learn/", 1], ["mend/", 0.97], ["beyond/", 0.94], ["practice/", 0.85],
  ["auto_gallery/", 0.7], ["reference/", 0.7], ["", 0.8],
];

const stemmer = new Stemmer();

function stems(text) {
  return splitQuery(text)
    .map((word) => word.toLowerCase())
    .filter((word) => !stopwords.has(word) && !/^[\x00-\x7f]$/.test(word))
    .map((word) => stemmer.stemWord(word));
}

const own = (object, key) => (Object.hasOwn(object, key) ? [object[key]].flat() : []);
const pageOf = (name) => name.split("#")[0];

// Words -> for each the places where it stands, and what it is worth there.
function look(index, word) {
  const found = new Map();
  const note = (places, worth) => {
    for (const place of places) found.set(place, Math.max(found.get(place) ?? 0, worth));
  };
  note(own(index.terms, word), WORTH.text);
  note(own(index.titleterms, word), WORTH.heading);
  if (!found.size && word.length > 2)
    for (const [terms, worth] of [[index.terms, WORTH.text], [index.titleterms, WORTH.heading]])
      for (const term of Object.keys(terms))
        if (term.startsWith(word)) note(own(terms, term), worth * WORTH.beginning);
  return found;
}

// The share of a heading, up to its colon, that the query says.
function shareOfHeading(heading, words) {
  const said = stems(heading.split(": ")[0]);
  return said.length ? said.filter((word) => words.has(word)).length / said.length : 0;
}

/** Return the pages that answer a query, best first, each with its sections, best first. */
function rank(index, query) {
  const order = stems(query);
  const words = new Map([...new Set(order)].map((word) => [word, look(index, word)]));
  const phrase = ` ${order.join(" ")} `;
  for (const [synonym, places] of Object.entries(index.indexentries)) {
    const parts = stems(synonym);
    if (parts.length && phrase.includes(` ${parts.join(" ")} `))
      for (const part of parts)
        for (const place of places) words.get(part).set(place, WORTH.synonym);
  }
  for (const [word, found] of words) if (!found.size) words.delete(word); // said nowhere

  const count = index.docnames.length;
  const rarity = new Map();
  for (const [word, found] of words) rarity.set(word, Math.log(1 + count / found.size));
  const total = [...rarity.values()].reduce((sum, value) => sum + value, 0);

  const places = new Map(index.docnames.map((name, place) => [name, place]));
  const pages = new Map();
  for (const place of new Set([...words.values()].flatMap((found) => [...found.keys()]))) {
    const name = index.docnames[place];
    const page = pageOf(name);
    const share = shareOfHeading(index.titles[place], words);
    let score = 0, covered = 0;
    for (const [word, found] of words) {
      const above = words.get(word).get(places.get(page)) >= WORTH.heading ? WORTH.pageTitle : 0;
      let worth = Math.max(found.get(place) ?? 0, above);
      if (worth === 0) continue;
      if (worth === WORTH.heading) worth *= 0.5 + 0.5 * share;
      score += worth * rarity.get(word);
      covered += rarity.get(word);
    }
    score *= (covered / total) ** 2 * KINDS.find(([start]) => page.startsWith(start))[1];
    if (!pages.has(page)) pages.set(page, []);
    pages.get(page).push({ place, name, score });
  }
  const results = [...pages].map(([page, sections]) => {
    sections.sort((a, b) => b.score - a.score || a.place - b.place);
    return { page, sections, score: sections[0].score + 0.1 * (sections[1]?.score ?? 0) };
  });
  return results.sort((a, b) => b.score - a.score);
}

const QUOTE = 180; // characters

/** Return whole words of a text, from the sentence that says most of what was asked. A text that
    another name led to may say none of it: then from the sentence that says most of its heading. */
function quotation(query, text, heading) {
  const sentences = text.split(/(?<=[.?!]) (?=\p{Lu})/u);
  const spoken = sentences.map((sentence) => new Set(stems(sentence)));
  const count = (wanted) =>
    spoken.map((said) => [...wanted].filter((stem) => said.has(stem)).length);
  const questions = new Set(stems(query));
  const wanted = Math.max(...count(questions)) ? questions : new Set(stems(heading));
  const counts = count(wanted);
  const best = counts.indexOf(Math.max(...counts));
  const words = text.split(" ");
  let start = best && sentences.slice(0, best).join(" ").split(" ").length;
  const asks = (word) => stems(word).some((stem) => wanted.has(stem));
  const first = words.findIndex((word, place) => place >= start && asks(word));
  if (words.slice(start, Math.max(first, start)).join(" ").length > QUOTE / 2) start = first - 5;
  // Near the end of a text, what comes before is quoted as well.
  while (start > 0 && words.slice(start - 1).join(" ").length < QUOTE - 2) start -= 1;
  if (start) words.splice(0, start, "…");
  let length = 0;
  const fits = words.filter((word) => (length += word.length + 1) <= QUOTE);
  return fits.length < words.length ? [...fits, "…"] : fits;
}
