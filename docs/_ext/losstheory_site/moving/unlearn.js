/* The two neurons under one loss: where they stand on it, and what they say step by step. */
(() => {
  "use strict";

  const STOPS = 240; // positions of the scrubber
  const NEURONS = ["first", "second"];
  const LOOKS = { squared: "squared", nats: "cross" }; // colour, dash and shape are the loss's

  /* What the markup fixes: the loss, the two logits, their input, the step size. */
  function given({ dataset }) {
    const [first, second] = dataset.cases.split(" ").map(Number);
    const neuron = (z) => ({ x: Number(dataset.x), w: 0, b: z, y: 0, eta: Number(dataset.eta) });
    return { loss: dataset.loss, first: neuron(first), second: neuron(second) };
  }

  const stepsOf = (loss, neuron) => lossMath.stepsToHalf(loss, neuron, 100000);
  const roundUp = (n, unit) => Math.ceil((1.2 * n) / unit) * unit;

  function values(state, root) {
    const { loss, ...neurons } = given(root);
    const out = { loss, paths: {} };
    for (const name of NEURONS) out[`${name}Steps`] = stepsOf(loss, neurons[name]);
    const squared = NEURONS.map((name) => stepsOf("squared", neurons[name]));
    out.times = out.secondSteps / out.firstSteps;
    out.squaredTimes = squared[1] / squared[0];
    const own = state.span === undefined ? squared[1] : out.secondSteps;
    out.length = state.span === "squared" || own > 100 ? roundUp(squared[1], 100) : roundUp(own, 10);
    const place = state.t / STOPS;
    out.step = Math.round(
      state.axis === "log" ? Math.expm1(place * Math.log1p(out.length)) : place * out.length,
    );
    for (const name of NEURONS) {
      out.paths[name] = lossMath.descend(loss, neurons[name], out.step);
      out[`${name}Z`] = out.paths[name][out.step];
      out[`${name}O`] = lossMath.sigmoid(out[`${name}Z`]);
    }
    return out;
  }

  function drawLoss(svg, v) {
    const reach = [-4, 7];
    const f = (z) => lossMath.losses[v.loss].value(0, z);
    const plot = draw.plot(svg, { x: reach, y: [0, v.loss === "squared" ? 0.6 : 7] });
    const look = LOOKS[v.loss];
    plot.curve(look, draw.sample(f, reach));
    for (const name of NEURONS) {
      const [z, height] = [v[`${name}Z`], f(v[`${name}Z`])];
      plot.mark(`${look} ${name}`, z, height, 7);
    }
    plot.done();
  }

  function drawRace(svg, state, v) {
    const log = state.axis === "log";
    const ticks = [0, 1, 3, 10, 30, 100, 300, 1000].filter((n) => n <= v.length);
    const plot = draw.plot(svg, {
      x: [0, v.length],
      y: [0, 1.15],
      yTicks: [0, 0.5, 1],
      xTicks: log ? ticks : draw.ticks(0, v.length, 4),
      placeX: log ? Math.log1p : undefined,
    });
    plot.rule(0.5, false);
    const look = LOOKS[v.loss];
    for (const name of NEURONS) {
      const outputs = v.paths[name].map((z, n) => [n, lossMath.sigmoid(z)]);
      if (outputs.length > 1) plot.curve(`${look} ${name}`, outputs);
      plot.mark(`${look} ${name}`, v.step, v[`${name}O`], 6);
      const left = v.step > 0.7 * v.length;
      plot.name(name, v.step, v[`${name}O`], { dx: left ? -11 : 11, dy: name === "first" ? 17 : -7, anchor: left ? "end" : "start", kind: look });
    }
    plot.done();
  }

  moving.define("unlearn", {
    values,
    race: { control: "t", seconds: 7 },
    settle: (_, wanted) => ("span" in wanted || "guess" in wanted) && !("t" in wanted) ? { t: 0 } : {},
    says: (state) => (state.t === STOPS ? [state.guess, "done"] : []),
    draw: (plots, state, v) => {
      drawLoss(plots.loss, v);
      drawRace(plots.race, state, v);
    },
  });
})();
