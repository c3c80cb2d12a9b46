/* Three scores over a temperature: outputs, the loss of the right class, and its gradient. */
(() => {
  "use strict";

  const ROWS = [0, 1, 2];

  function values(state) {
    const s = ROWS.map((k) => state[`s${k}`]);
    const right = Number(state.right);
    const heated = s.map((score) => score / state.T);
    const o = lossMath.softmax(heated);
    const slopes = lossMath.negativeLogLikelihoodSlopes(right, heated).map((slope) => slope / state.T);
    const out = { s, o, slopes, right, lift: -slopes[right] };
    for (const k of ROWS) {
      out[`o${k}`] = o[k];
      out[`said${k}`] = state.guess === "" ? "?" : slopes[k]; // not before it is guessed
    }
    out.loss = lossMath.negativeLogLikelihood(right, heated);
    return out;
  }

  /* Three bars with their numbers; that of the right class stands out. */
  function bars(svg, numbers, right, x, as, hidden = false) {
    const rows = numbers.map((value, k) => ({
      kind: k === right ? "cross" : "guide",
      value: hidden ? 0 : value,
      text: hidden ? "?" : moving.write(value, { as }),
    }));
    draw.bars(svg, { x, left: 24, rows });
  }

  let shifted = false;
  moving.define("softmax", {
    values,
    settle: (_, wanted) => {
      shifted = ROWS.every((k) => `s${k}` in wanted) && Object.keys(wanted).length === 3;
      return {};
    },
    grasp: (place) => draw.row(place, ROWS.length),
    drags: { scores: ([x], _, k) => ({ [`s${k}`]: Math.round(x * 20) / 20 }) },
    actions: {
      shift: (state) => Object.fromEntries(ROWS.map((k) => [`s${k}`, Math.min(1000, state[`s${k}`] + 1)])),
    },
    says: ({ guess }) => [shifted ? "shifted" : guess === "" ? "ask" : "first"],
    draw: (plots, state, v) => {
      const reach = Math.max(6, ...v.s.map((score) => Math.abs(score) * 1.1));
      const steep = Math.max(1, ...v.slopes.map((slope) => Math.abs(slope) * 1.05));
      bars(plots.scores, v.s, v.right, [-reach, reach], "two");
      bars(plots.outputs, v.o, v.right, [0, 1], "number");
      bars(plots.slopes, v.slopes, v.right, [-steep, steep], "number", state.guess === "");
    },
  });
})();
