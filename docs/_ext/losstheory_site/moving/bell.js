/* A Gaussian bell over three measurements: its negative log-likelihood is squared error and a constant. */
(() => {
  "use strict";

  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  function values(state, root) {
    const targets = root.dataset.targets.split(" ").map(Number);
    const { std } = state;
    const nll = (o) => -sum(targets.map((y) => lossMath.gaussianLogLikelihood(y, o, std)));
    const squared = (o) => sum(targets.map((y) => lossMath.linearSquaredError(y, o))) / (std * std);
    const said = (value) => (state.guess === "" ? "?" : value); // nothing is told before the guess
    const constant = targets.length * (Math.log(std) + 0.5 * Math.log(2 * Math.PI));
    return {
      targets, nllAt: nll, squaredAt: squared, mean: sum(targets) / targets.length,
      nll: nll(state.o), squared: squared(state.o), gap: constant,
      saidNll: said(nll(state.o)), saidSquared: said(squared(state.o)), saidLikelihood: said(Math.exp(-nll(state.o))),
    };
  }

  const reachOf = (o) => (o >= -2 && o <= 10 ? [-2, 10] : [o - 6, o + 6]);

  function drawBell(svg, state, v) {
    const density = (y) => Math.exp(lossMath.gaussianLogLikelihood(y, state.o, state.std));
    const top = density(state.o) * 1.15;
    const plot = draw.plot(svg, { x: reachOf(state.o), y: [0, top], yTicks: draw.ticks(0, top, 3) });
    plot.curve("slope", draw.sample(density, reachOf(state.o), 300));
    for (const y of v.targets) {
      plot.arrow("guide", [y, 0], [y, density(y)]);
      plot.mark("slope", y, density(y), 5);
      plot.mark("guide", y, 0, 6);
    }
    plot.rule(state.o, true);
    plot.done();
  }

  function drawLoss(svg, state, v) {
    const reach = reachOf(state.o);
    const low = Math.min(0, v.nllAt(v.mean));
    const high = Math.max(v.nll, v.squared, v.squaredAt(reach[0]), 1);
    const plot = draw.plot(svg, { x: reach, y: [low, high * 1.05] });
    if (state.guess === "") plot.note("?", (reach[0] + reach[1]) / 2, high / 2, { anchor: "middle", kind: "guide" });
    else {
      plot.curve("slope", draw.sample(v.nllAt, reach));
      plot.curve("squared", draw.sample(v.squaredAt, reach));
      plot.mark("slope", state.o, v.nll, 7);
      plot.mark("squared", state.o, v.squared, 6);
    }
    plot.done();
  }

  const slide = ([o]) => ({ o: Math.round(20 * o) / 20 });
  moving.define("bell", {
    values,
    drags: { bell: slide, loss: slide },
    says: ({ guess, o }, { mean }) => {
      if (guess === "") return ["ask"];
      return Math.abs(o - mean) < 0.005 ? ["off", "best", guess] : ["off"];
    },
    draw: (plots, state, v) => {
      drawBell(plots.bell, state, v);
      drawLoss(plots.loss, state, v);
    },
  });
})();
