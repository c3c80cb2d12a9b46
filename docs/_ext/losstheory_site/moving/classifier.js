/* Logistic regression on flowers in two dimensions, trained by either loss from the same start. */
(() => {
  "use strict";

  const STOPS = 300; // positions of the scrubber
  const KINDS = { cross: "nats", squared: "squared" };
  const REACH = 4; // flowers stay within this many standard deviations
  const STARTS = { zero: [0, 0, 0], wrong: [4, -4, 0] };
  const ORDER = 7; // with one flower a step, every seventh in turn: prime to their number

  const read = (text) => text.split(" ").map((point) => point.split(",").map(Number));
  const write = (points) => points.map((point) => point.join(",")).join(" ");
  const fits = (points, count) =>
    points.length === count &&
    points.every(([x1, x2, y]) => Math.abs(x1) <= REACH && Math.abs(x2) <= REACH && (y === 0 || y === 1));

  /* The first steps one by one, then ever more at a time, up to a thousand. */
  const stepAt = (t) => (t <= 60 ? t : Math.round(60 * (1000 / 60) ** ((t - 60) / (STOPS - 60))));

  /* Train, and keep theta and mean loss at each step. */
  function train(loss, points, state, steps) {
    const path = [];
    let theta = STARTS[state.start];
    for (let n = 0; ; n += 1) {
      path.push({ theta, loss: lossMath.meanLoss(loss, theta, points) });
      if (n === steps || !theta.every(Number.isFinite)) return path;
      const batch = state.batch === "all" ? points : [points[(n * ORDER) % points.length]];
      theta = lossMath.descendOnPoints(loss, theta, batch, state.eta);
    }
  }

  /* The share of one sample in the sizes of all pulls on the logits. */
  function shareOfPull(loss, theta, points, odd) {
    const pulls = points.map((point) => Math.abs(lossMath.losses[loss].slope(point[2], lossMath.score(theta, point))));
    return pulls[odd] / pulls.reduce((a, b) => a + b, 0);
  }

  function values(state, root) {
    const { points } = state;
    const odd = Number(root.dataset.odd);
    const out = { step: stepAt(state.t), paths: {}, undecided: false };
    for (const [kind, loss] of Object.entries(KINDS)) {
      const path = train(loss, points, state, out.step);
      const { theta, loss: mean } = path[path.length - 1];
      out.paths[kind] = path;
      out[`${kind}Loss`] = mean;
      // Who says one half of every flower is neither right nor wrong about any.
      const undecided = points.every((point) => lossMath.score(theta, point) === 0);
      const wrong = lossMath.mistakes(theta, points);
      out.undecided ||= undecided;
      out[`${kind}Wrong`] = undecided ? root.dataset.undecided : wrong;
      out[`${kind}Right`] = undecided ? null : 1 - wrong / points.length;
      out[`${kind}Odd`] = lossMath.losses[loss].value(points[odd][2], lossMath.score(theta, points[odd]));
      out[`${kind}Share`] = shareOfPull(loss, theta, points, odd);
    }
    return out;
  }

  /* The line on which the score is 0, from edge to edge, whichever way it runs. */
  function boundary([w1, w2, b]) {
    if (w1 === 0 && w2 === 0) return null;
    const far = 2 * REACH;
    if (Math.abs(w2) > Math.abs(w1)) return [-far, far].map((x1) => [x1, -(b + w1 * x1) / w2]);
    return [-far, far].map((x2) => [-(b + w2 * x2) / w1, x2]);
  }

  function drawPlane(svg, state, v, odd) {
    const wide = [-REACH, REACH];
    const plot = draw.plot(svg, { x: wide, y: wide, xTicks: [-4, -2, 0, 2, 4], yTicks: [-4, -2, 0, 2, 4], margin: { left: 32 } });
    for (const kind of Object.keys(KINDS)) {
      const line = boundary(v.paths[kind][v.paths[kind].length - 1].theta);
      if (line && line.flat().every(Number.isFinite)) plot.curve(kind, line);
    }
    state.points.forEach(([x1, x2, y], k) => plot.mark(y === 1 ? "one" : "zero", x1, x2, k === odd ? 6 : 5));
    const [x1, x2] = state.points[odd];
    plot.ring(x1, x2, 11);
    plot.done();
  }

  function drawLosses(svg, v) {
    const plot = draw.plot(svg, { x: [0, Math.max(20, v.step)], y: [0, 1.25], yTicks: [0, 0.25, 0.5, 0.75, 1], xTicks: draw.ticks(0, Math.max(20, v.step), 4) });
    for (const kind of Object.keys(KINDS)) {
      const path = v.paths[kind].map(({ loss }, n) => [n, loss / v.paths[kind][0].loss]);
      if (path.length > 1) plot.curve(kind, path);
      plot.mark(kind, ...path[path.length - 1], 6);
    }
    plot.done();
  }

  const moved = (points, k, change) => points.map((point, j) => (j === k ? change(point) : point));

  moving.define("classifier", {
    values,
    keeps: (root) => {
      const start = read(root.dataset.points);
      return {
        points: {
          start,
          write,
          read: (text) => (fits(read(text), start.length) ? read(text) : undefined),
        },
      };
    },
    follows: ["x1", "x2", "label", "which"],
    /* The sliders show the flower that is chosen, and move it. */
    settle: (state, wanted) => {
      const k = Math.round(state.which) - 1;
      let { points } = state;
      const own = !("points" in wanted) && !("which" in wanted);
      if (own && "x1" in wanted) points = moved(points, k, ([, x2, y]) => [wanted.x1, x2, y]);
      if (own && "x2" in wanted) points = moved(points, k, ([x1, , y]) => [x1, wanted.x2, y]);
      if (own && "label" in wanted) points = moved(points, k, ([x1, x2]) => [x1, x2, wanted.label]);
      const [x1, x2, label] = points[k];
      return { points, which: k + 1, x1, x2, label };
    },
    grasp: (place, state) => {
      if (!place) return null;
      const away = state.points.map(([x1, x2]) => Math.hypot(x1 - place[0], x2 - place[1]));
      const nearest = away.indexOf(Math.min(...away));
      return away[nearest] < 0.5 ? nearest : null;
    },
    drags: {
      plane: ([x1, x2], state, k) => {
        const within = (x) => Math.round(100 * Math.max(-REACH, Math.min(REACH, x))) / 100;
        return { points: moved(state.points, k, ([, , y]) => [within(x1), within(x2), y]), which: k + 1 };
      },
    },
    race: { control: "t", seconds: 9 },
    actions: { once: (state) => ({ t: Math.min(STOPS, state.t + 1) }) },
    says: (_, v) => [v.undecided ? "begin" : "both", "pull"],
    draw: (plots, state, v, root) => {
      drawPlane(plots.plane, state, v, Number(root.dataset.odd));
      drawLosses(plots.losses, v);
    },
  });
})();
