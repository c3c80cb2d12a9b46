/* A chain of one-neuron layers: the gradient at each, from the output back to the input. */
(() => {
  "use strict";

  const FLOOR = 1e-16; // bars end here; the numbers do not

  function values(state) {
    const { gradients } = lossMath.chainGradients(state.activation, state.w, state.x, 0, state.layers);
    const [first, last] = [gradients[0], gradients[state.layers - 1]];
    const hidden = state.layers - 1;
    const factor = Math.abs(first / last);
    const saidFirst = state.guess === "" ? "?" : first; // not before it is guessed
    return { gradients, first, last, saidFirst, hidden, factor, each: factor ** (1 / hidden) };
  }

  function drawGradients(svg, state, v) {
    const sizes = v.gradients.map(Math.abs);
    const low = Math.max(FLOOR, Math.min(1e-4, ...sizes.filter((size) => size > 0)) / 2);
    const high = Math.max(1, ...sizes.filter(Number.isFinite)) * 1.5;
    const decades = [];
    for (let d = Math.ceil(Math.log10(low)); d <= Math.log10(high); d += Math.ceil(Math.log10(high / low) / 6)) decades.push(10 ** d);
    const plot = draw.plot(svg, {
      x: [0.4, state.layers + 0.6],
      y: [low, high],
      yTicks: decades,
      xTicks: Array.from({ length: state.layers }, (_, k) => k + 1),
      placeY: Math.log10,
      margin: { left: 62 },
    });
    sizes.forEach((size, k) => {
      const kind = k === state.layers - 1 ? "cross" : "slope";
      if (state.guess === "" && kind === "slope") plot.note("?", k + 1, low, { dy: -4, anchor: "middle", kind: "guide" });
      else if (size > low) plot.bar(kind, k + 0.65, k + 1.35, Math.min(size, high), low);
      else plot.note("0", k + 1, low, { dy: -4, anchor: "middle", kind: "guide" });
    });
    plot.done();
  }

  moving.define("depth", {
    values,
    settle: (state) => ({ layers: Math.round(state.layers) }),
    says: ({ guess }, v) => [guess === "" ? "ask" : v.first === 0 ? "dead" : "arrives"],
    draw: (plots, state, v) => drawGradients(plots.gradients, state, v),
  });
})();
