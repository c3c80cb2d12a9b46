/* The same three scores read as one answer (softmax) and as three (a sigmoid each). */
(() => {
  "use strict";

  const ROWS = [0, 1, 2];
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  function values(state) {
    const s = ROWS.map((k) => state[`s${k}`]);
    const y = ROWS.map((k) => state[`y${k}`]);
    const p = lossMath.softmax(s);
    const o = s.map(lossMath.sigmoid);
    const out = { y, p, o, softmaxSum: sum(p), sigmoidSum: sum(o), labelLoss: lossMath.multiLabel(y, s) };
    for (const k of ROWS) {
      out[`p${k}`] = p[k];
      out[`o${k}`] = o[k];
    }
    out.classLoss = sum(y) === 1 ? lossMath.negativeLogLikelihood(y.indexOf(1), s) : null;
    return out;
  }

  function bars(svg, outputs, y) {
    const plot = draw.plot(svg, { x: [0, 1], y: [0, 3], yTicks: [], margin: { left: 74, top: 6 } });
    for (const k of ROWS) {
      const [low, high] = [3 - k - 0.8, 3 - k - 0.2];
      const kind = y[k] ? "cross" : "guide";
      plot.area(kind, [[0, low], [0, high], [outputs[k], high], [outputs[k], low]]);
      plot.area(`${kind} hollow`, [[0, low], [0, high], [y[k], high], [y[k], low]]);
      const after = outputs[k] < 0.75;
      plot.note(moving.write(outputs[k]), outputs[k], 3 - k - 0.5, { dx: after ? 6 : -6, dy: 5, anchor: after ? "start" : "end", kind });
      plot.note(svg.dataset[`nameRow${k}`], 0, 3 - k - 0.5, { dx: -8, dy: 5, anchor: "end" });
    }
    plot.done();
  }

  moving.define("answers", {
    values,
    says: (_, { y }) => [["none", "one"][sum(y)] ?? "several"],
    draw: (plots, _, v) => {
      bars(plots.softmax, v.p, v.y);
      bars(plots.sigmoids, v.o, v.y);
    },
  });
})();
