/* The same three scores read as one answer (softmax) and as three (a sigmoid each). */
(() => {
  "use strict";

  const ROWS = [0, 1, 2];
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  function values(state, { dataset }) {
    const s = ROWS.map((k) => state[`s${k}`]);
    const y = ROWS.map((k) => state[`y${k}`]);
    const p = lossMath.softmax(s);
    const o = s.map(lossMath.sigmoid);
    const said = (value) => (state.guess === "" ? "?" : value); // nothing is told before the guess
    const out = {
      y, p, o, moved: s.join(" ") !== dataset.scores, labelLoss: lossMath.multiLabel(y, s),
      saidSoftmaxSum: said(sum(p)), saidSigmoidSum: said(sum(o)),
    };
    for (const k of ROWS) {
      out[`saidP${k}`] = said(p[k]);
      out[`saidO${k}`] = said(o[k]);
    }
    out.classLoss = sum(y) === 1 ? lossMath.negativeLogLikelihood(y.indexOf(1), s) : null;
    return out;
  }

  function drawAnswers(svg, outputs, { y }, { guess }) {
    const rows = outputs.map((value, k) => ({
      kind: y[k] ? "cross" : "guide",
      value: guess === "" ? 0 : value,
      text: guess === "" ? "?" : moving.write(value),
      outline: y[k] || undefined,
    }));
    draw.bars(svg, { x: [0, 1], left: 74, rows });
  }

  moving.define("answers", {
    values,
    says: ({ guess }, { y, moved }) => {
      if (guess === "") return ["ask"];
      if (!moved) return ["raise"];
      return [guess === "softmax" ? "right" : "", "moved", ["none", "one"][sum(y)] ?? "several"];
    },
    draw: (plots, state, v) => {
      drawAnswers(plots.softmax, v.p, v, state);
      drawAnswers(plots.sigmoids, v.o, v, state);
    },
  });
})();
