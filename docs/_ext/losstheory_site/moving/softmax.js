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

  /* Bars to the side, one a row, with the number at the end; the right class stands out. */
  function bars(svg, numbers, right, x, as, hidden = false) {
    const plot = draw.plot(svg, { x, y: [0, 3], yTicks: [], margin: { left: 24, top: 6 } });
    plot.rule(0, true, "axis");
    for (const k of ROWS) {
      const [low, high] = [3 - k - 0.8, 3 - k - 0.2];
      const kind = k === right ? "cross" : "guide";
      const end = hidden ? 0 : Math.min(Math.max(numbers[k], x[0]), x[1]);
      plot.area(kind, [[0, low], [0, high], [end, high], [end, low]]);
      // Behind the bar's end where there is room; a bar to the left has its number on the right.
      const place = Math.max(0, end);
      const after = place < x[0] + 0.7 * (x[1] - x[0]);
      plot.note(hidden ? "?" : moving.write(numbers[k], { as }), place, 3 - k - 0.5, {
        dx: after ? 6 : -6, dy: 5, anchor: after ? "start" : "end", kind,
      });
      plot.note(svg.dataset[`nameRow${k}`], x[0], 3 - k - 0.5, { dx: -8, dy: 5, anchor: "end" });
    }
    plot.done();
  }

  let shifted = false;
  moving.define("softmax", {
    values,
    settle: (_, wanted) => {
      shifted = ROWS.every((k) => `s${k}` in wanted) && Object.keys(wanted).length === 3;
      return {};
    },
    grasp: ([, height]) => ROWS.find((k) => height >= 2 - k && height < 3 - k),
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
