/* An output and a loss chosen apart: the gradient at the logit beside the error. */
(() => {
  "use strict";

  /* The gradient at z for each combination; null where the loss is not defined. */
  const GRADIENTS = {
    "sigmoid squared": lossMath.losses.squared.slope,
    "sigmoid cross": lossMath.losses.nats.slope,
    "linear squared": lossMath.losses.linear.slope,
    "linear cross": (y, z) => (z > 0 && z < 1 ? (z - y) / (z * (1 - z)) : null),
  };

  function values(state) {
    const y = Number(state.y);
    const linear = state.output === "linear";
    const errorAt = (z) => (linear ? z - y : lossMath.losses.nats.slope(y, z));
    const gradientAt = (z) => GRADIENTS[`${state.output} ${state.loss}`](y, z);
    const [error, gradient] = [errorAt(state.z), gradientAt(state.z)];
    return { errorAt, gradientAt, error, gradient, kept: gradient / error, o: linear ? state.z : lossMath.sigmoid(state.z) };
  }

  function says(state) {
    const pair = `${state.output} ${state.loss}`;
    const guess = { "": "ask", 2: "right" }[state.guess] ?? "wrong";
    if (pair === "sigmoid squared") return [guess, "lost"];
    if (pair !== "linear cross") return [guess, "matched"];
    return [guess, state.z > 0 && state.z < 1 ? "inside" : "undefined"];
  }

  function drawGradient(svg, state, v) {
    const reach = Math.max(8, Math.abs(state.z) * 1.1);
    const linear = state.output === "linear";
    const side = Number(state.y) === 0 ? 1 : -1;
    const y = linear ? [-reach - 1, reach + 1] : [Math.min(0, side) - 0.1, Math.max(0, side) + 0.15];
    const plot = draw.plot(svg, { x: [-reach, reach], y });
    const kind = state.loss;
    const errors = draw.sample(v.errorAt, [-reach, reach], 240);
    if (state.output === "sigmoid" && kind === "squared") {
      const gradients = draw.sample(v.gradientAt, [-reach, reach], 240);
      plot.area("guide", [...errors, ...gradients.reverse()]);
      plot.name("lost", side * reach * 0.55, side * 0.5, { anchor: "middle", kind: "guide" });
    }
    plot.curve("guide", errors);
    const far = linear ? reach * 0.6 : side * reach * 0.9;
    plot.name("guide", far, v.errorAt(far), { dy: side > 0 ? -8 : 18, dx: linear ? -8 : 0, anchor: linear ? "end" : far > 0 ? "end" : "start" });
    const defined = draw.sample(v.gradientAt, linear && kind === "cross" ? [0.001, 0.999] : [-reach, reach], 240);
    plot.curve(kind, defined);
    plot.rule(state.z, true);
    if (v.gradient !== null) plot.mark(kind, state.z, v.gradient, 7);
    plot.done();
  }

  moving.define("pairs", {
    values,
    says,
    drags: { gradient: ([z]) => ({ z: Math.round(20 * z) / 20 }) },
    draw: (plots, state, v) => drawGradient(plots.gradient, state, v),
  });
})();
