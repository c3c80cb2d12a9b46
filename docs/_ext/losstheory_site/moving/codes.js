/* A belief Q about outcomes that come with the shares P: entropy, excess, and each word's area. */
(() => {
  "use strict";

  const ROWS = [0, 1, 2, 3];
  const KEYS = ROWS.map((k) => `q${k}`);
  const LEAST = 0.01;

  const truth = (root) => root.dataset.truth.split(" ").map(Number);

  /* Give one outcome its share and let the others keep their proportions, none below LEAST. */
  function share(q, k, wanted) {
    const rest = ROWS.filter((j) => j !== k);
    const total = rest.reduce((sum, j) => sum + q[j], 0);
    const spare = 1 - wanted;
    const scaled = rest.map((j) => Math.max(LEAST, (q[j] / total) * spare));
    const sum = scaled.reduce((a, b) => a + b, 0);
    const out = [];
    rest.forEach((j, i) => (out[j] = (scaled[i] / sum) * spare));
    out[k] = wanted;
    return out;
  }

  const asState = (q) => Object.fromEntries(KEYS.map((key, k) => [key, q[k]]));
  const belief = (state) => KEYS.map((key) => state[key]);

  function values(state, root) {
    const p = truth(root);
    const q = belief(state);
    const entropy = lossMath.entropyBits(p);
    return {
      p, q, entropy,
      cross: lossMath.crossEntropyBits(p, q),
      excess: lossMath.divergenceBits(p, q),
      lengths: lossMath.lengths(q),
    };
  }

  const across = (plot, kind, left, right, [low, high]) =>
    plot.area(kind, [[left, low], [left, high], [right, high], [right, low]]);

  function drawBelief(svg, { p, q }) {
    const rows = q.map((value, k) => ({
      kind: "cross", value, text: moving.write(value, { as: "percent" }), outline: p[k],
    }));
    draw.bars(svg, { x: [0, 1], left: 46, rows });
  }

  /* Rows as tall as the outcome is frequent, from rain at the top; in each its word. */
  function drawWords(svg, { p, q, lengths }) {
    const longest = Math.max(4, ...lengths) * 1.05;
    const plot = draw.plot(svg, { x: [0, longest], y: [0, 1], yTicks: [], margin: { left: 46, top: 8 } });
    let above = 1;
    for (const k of ROWS) {
      const tall = [above - p[k] + 0.008, above - 0.008];
      const own = -Math.log2(p[k]);
      across(plot, "cross", 0, Math.min(own, lengths[k]), tall);
      if (lengths[k] > own) across(plot, "excess", own, lengths[k], tall);
      across(plot, "guide hollow", 0, own, tall);
      plot.note(svg.dataset[`nameRow${k}`], 0, above - p[k] / 2, { dx: -8, dy: 5, anchor: "end", kind: "name" });
      above -= p[k];
    }
    plot.done();
  }

  moving.define("codes", {
    values,
    settle: (state, wanted, before) => {
      const moved = ROWS.filter((k) => KEYS[k] in wanted);
      return moved.length === 1 ? asState(share(belief(before), moved[0], wanted[KEYS[moved[0]]])) : {};
    },
    grasp: (place) => draw.row(place, ROWS.length),
    drags: { belief: ([x], _, k) => ({ [KEYS[k]]: Math.min(0.97, Math.max(LEAST, Math.round(x * 200) / 200)) }) },
    actions: {
      truth: (_, root) => asState(truth(root)),
      even: () => asState([0.25, 0.25, 0.25, 0.25]),
    },
    says: (_, v) => [v.excess < 5e-5 ? "right" : "wrong"],
    draw: (plots, _, v) => {
      drawBelief(plots.belief, v);
      drawWords(plots.words, v);
    },
  });
})();
