/* The likelihood of some heads in n tosses over the probability p, and its negative logarithm. */
(() => {
  "use strict";

  function values(state) {
    const logLikelihood = (p) => lossMath.bernoulliLogLikelihood(state.heads, state.n, p);
    const loss = -logLikelihood(state.p);
    const likelihood = Math.exp(-loss);
    const asked = state.guess === ""; // nothing is told before the guess
    const [saidLoss, saidLikelihood] = asked ? ["?", "?"] : [loss, likelihood];
    return { logLikelihood, loss, likelihood, saidLoss, saidLikelihood, share: state.heads / state.n, each: loss / state.n };
  }

  function drawOne(svg, f, y, state, kind) {
    const plot = draw.plot(svg, { x: [0, 1], y, xTicks: [0, 0.25, 0.5, 0.75, 1], margin: { left: 58 } });
    plot.rule(state.p, true);
    if (state.guess === "") plot.note("?", 0.5, y[1] / 2, { anchor: "middle", kind: "guide" });
    else {
      plot.curve(kind, draw.sample(f, [0.0005, 0.9995], 400));
      plot.mark(kind, state.p, f(state.p), 7);
    }
    plot.done();
  }

  moving.define("tosses", {
    values,
    settle: (state) => {
      const n = Math.max(1, Math.round(state.n));
      return { n, heads: Math.min(n, Math.round(state.heads)) };
    },
    drags: Object.fromEntries(
      ["product", "loss"].map((name) => [name, ([p]) => ({ p: Math.round(100 * Math.min(0.99, Math.max(0.01, p))) / 100 })]),
    ),
    says: (state, v) => [state.guess === "" ? "ask" : Math.abs(state.p - v.share) < 0.005 ? "best" : "off"],
    draw: (plots, state, v) => {
      const best = Math.min(0.9995, Math.max(0.0005, v.share));
      const top = Math.exp(v.logLikelihood(best));
      const least = -v.logLikelihood(best);
      drawOne(plots.product, (p) => Math.exp(v.logLikelihood(p)), [0, 1.1 * top || 1], state, "slope");
      drawOne(plots.loss, (p) => -v.logLikelihood(p), [0, Math.max(1, 3 * least, 1.1 * v.loss)], state, "cross");
    },
  });
})();
