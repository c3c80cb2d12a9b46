/* One neuron under two losses: where it stands on either, and how either trains it. */
(() => {
  "use strict";

  const STEP_LIMIT = 10000; // steps counted until the page says "more than"
  const LONGEST = 3000; // steps that the race shows at most
  const STOPS = 240; // positions of the scrubber
  const KINDS = { cross: "nats", squared: "squared" }; // how a loss looks, and which it is

  /* A round number of steps that shows both arrivals, the slower one not at the very end. */
  function raceLength(steps) {
    const needed = Math.max(20, ...steps.filter((n) => Number.isFinite(n)).map((n) => 1.2 * n));
    return Math.min(LONGEST, steps.includes(Infinity) ? LONGEST : Math.ceil(needed / 10) * 10);
  }

  /* The step at a position of the scrubber: even, or each further one worth less. */
  const stepAt = (t, length, axis) =>
    Math.round(axis === "log" ? Math.expm1((t / STOPS) * Math.log1p(length)) : (t / STOPS) * length);

  function values(state) {
    const table = lossMath.neuronTable(state);
    const out = { z: table.z, o: table.o, ratio: 1 / lossMath.sigmoidSlope(table.z), paths: {} };
    for (const loss of ["nats", "bits", "squared"]) {
      out[`${loss}Value`] = table[loss].value;
      out[`${loss}Slope`] = table[loss].db;
      out[`${loss}Weight`] = table[loss].dw;
      out[`${loss}Steps`] = lossMath.stepsToHalf(loss, state, STEP_LIMIT);
    }
    out.length = raceLength([out.natsSteps, out.squaredSteps]);
    out.step = stepAt(state.t, out.length, state.axis);
    for (const loss of Object.values(KINDS)) {
      out.paths[loss] = lossMath.descend(loss, state, out.step);
      out[`${loss}O`] = lossMath.sigmoid(out.paths[loss][out.step]);
    }
    return out;
  }

  function drawOverLogit(svg, what, { state, values: v, y, yTicks, place }) {
    const reach = Math.max(8, Math.abs(v.z) * 1.15);
    const plot = draw.plot(svg, { x: [-reach, reach], y, yTicks });
    plot.rule(v.z, true);
    for (const [kind, loss] of Object.entries(KINDS)) {
      const f = (z) => lossMath.losses[loss][what](state.y, z);
      plot.curve(kind, draw.sample(f, [-reach, reach], 240));
    }
    for (const [kind, loss] of Object.entries(KINDS)) {
      const z = v.paths[loss][v.step];
      const height = lossMath.losses[loss][what](state.y, z);
      plot.mark(kind, z, height, 7);
      const left = kind === "cross" ? z > -reach * 0.6 : z > reach * 0.6;
      plot.note(moving.write(height), z, height, {
        dx: left ? -12 : 12, dy: place[kind], anchor: left ? "end" : "start", kind,
      });
    }
    plot.done();
  }

  function drawRace(svg, state, v) {
    const log = state.axis === "log";
    const plot = draw.plot(svg, {
      x: [0, v.length],
      y: [0, 1],
      yTicks: [0, 0.5, 1],
      xTicks: log ? [0, 1, 3, 10, 30, 100, 300, 1000, 3000].filter((n) => n <= v.length) : undefined,
      placeX: log ? Math.log1p : undefined,
    });
    plot.rule(0.5, false);
    for (const [kind, loss] of Object.entries(KINDS)) {
      const outputs = v.paths[loss].map((z, n) => [n, lossMath.sigmoid(z)]);
      const every = Math.max(1, Math.floor(outputs.length / 600));
      const drawn = outputs.filter((_, n) => n % every === 0 || n === v.step || (log && n < 100));
      if (drawn.length > 1) plot.curve(kind, drawn);
      plot.mark(kind, v.step, v[`${loss}O`], 6);
    }
    plot.done();
  }

  moving.define("neuron", {
    values,
    race: { control: "t", seconds: 6 },
    /* The address says w and b, and z follows; dragging the logit moves the bias. */
    settle: (state, wanted) => {
      const b = "z" in wanted && !("b" in wanted) ? wanted.z - state.w * state.x : state.b;
      const start = ["x", "w", "b", "z", "y", "eta"].some((name) => name in wanted) && !("t" in wanted);
      return { b, z: state.w * state.x + b, ...(start ? { t: 0 } : {}) };
    },
    follows: ["z"],
    drags: { loss: ([z]) => ({ z: Math.round(z * 100) / 100 }), slope: ([z]) => ({ z: Math.round(z * 100) / 100 }) },
    says: (state, v) => [
      v.natsSlope === 0 ? "still" : "wrong",
      v.natsSteps === null || v.natsSteps === 0 ? "" : state.t === 240 ? "raced" : "ask",
    ],
    draw: (plots, state, v) => {
      const top = Math.max(2, v.natsValue * 1.15);
      drawOverLogit(plots.loss, "value", {
        state, values: v, y: [0, top], yTicks: draw.ticks(0, top, 4), place: { cross: -8, squared: 18 },
      });
      drawOverLogit(plots.slope, "slope", {
        state, values: v, y: [-state.y - 0.08, 1.12 - state.y], yTicks: draw.ticks(-state.y, 1 - state.y, 4),
        place: { cross: -10, squared: 18 },
      });
      drawRace(plots.race, state, v);
    },
  });
})();
