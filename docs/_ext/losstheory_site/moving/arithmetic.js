/* The arithmetic of everything that moves on the site.
 *
 * Each function has its twin in the Python package losstheory, and the tests run this very file
 * against it at thousands of points. Every exponential has an argument that is not positive, so
 * none overflows, and no two numbers that are nearly equal are subtracted; "Compute losses without
 * losing digits" derives the forms. Losses are in nats unless a name says bits.
 */
const lossMath = (() => {
  "use strict";

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  /* ---- One output: the logit z is finite, the target y lies in [0, 1] ---- */

  /* The larger of the two outputs has numerator 1, the smaller has u. */
  function sigmoid(z) {
    const u = Math.exp(-Math.abs(z));
    return (z >= 0 ? 1 : u) / (1 + u);
  }

  function sigmoidSlope(z) {
    const u = Math.exp(-Math.abs(z));
    return u / ((1 + u) * (1 + u));
  }

  /* How far the target is from the side that z is on: the loss and its slope both need it. */
  const missed = (y, z) => (z >= 0 ? 1 - y : -y);

  function crossEntropy(y, z) {
    return Math.log1p(Math.exp(-Math.abs(z))) + z * missed(y, z);
  }

  /* sigmoid(z) - y, without the rounding of sigmoid(z) near 1. */
  function crossEntropySlope(y, z) {
    const u = Math.exp(-Math.abs(z));
    return missed(y, z) - (Math.sign(z) || 1) * (u / (1 + u));
  }

  function squaredError(y, z) {
    const miss = crossEntropySlope(y, z);
    return 0.5 * miss * miss;
  }

  /* The same miss once more, now times the slope of the sigmoid: this factor is the whole story. */
  function squaredErrorSlope(y, z) {
    return crossEntropySlope(y, z) * sigmoidSlope(z);
  }

  /* The loss that belongs to a linear output, o = z. */
  const linearSquaredError = (y, z) => 0.5 * (z - y) * (z - y);
  const linearSquaredErrorSlope = (y, z) => z - y;

  const inBits = (f) => (y, z) => f(y, z) / Math.LN2;

  /* What is trained: a value and its slope in z, by the name that the pages use. */
  const losses = Object.freeze({
    nats: { value: crossEntropy, slope: crossEntropySlope },
    bits: { value: inBits(crossEntropy), slope: inBits(crossEntropySlope) },
    squared: { value: squaredError, slope: squaredErrorSlope },
    linear: { value: linearSquaredError, slope: linearSquaredErrorSlope },
  });

  /* ---- One neuron ---- */

  const logit = ({ x, w, b }) => w * x + b;

  /* One step of gradient descent on w and b, for one sample. */
  function step(loss, neuron) {
    const slope = losses[loss].slope(neuron.y, logit(neuron));
    const { x, w, b, eta } = neuron;
    return { ...neuron, w: w - eta * (slope * x), b: b - eta * slope };
  }

  /* Gradient descent on w and b. Returns the logits, that of the start first. */
  function descend(loss, neuron, steps) {
    const logits = [logit(neuron)];
    for (let n = 0; n < steps; n += 1) {
      neuron = step(loss, neuron);
      logits.push(logit(neuron));
    }
    return logits;
  }

  /* Steps until the output reaches the target's side of 1/2: 0 if the neuron starts there or on
   * 1/2, null if the target is 1/2 itself, Infinity if `limit` steps do not do. */
  function stepsToHalf(loss, neuron, limit) {
    if (neuron.y === 0.5) return null;
    const side = neuron.y > 0.5 ? 1 : -1;
    for (let n = 0; n <= limit; n += 1) {
      if (side * logit(neuron) >= 0) return n;
      neuron = step(loss, neuron);
    }
    return Infinity;
  }

  /* All that a table of the neuron shows: logit, output, and for each loss its value and slopes. */
  function neuronTable(neuron) {
    const z = logit(neuron);
    const table = { z, o: sigmoid(z) };
    for (const name of ["nats", "bits", "squared"]) {
      const db = losses[name].slope(neuron.y, z);
      table[name] = { value: losses[name].value(neuron.y, z), db, dw: db * neuron.x };
    }
    return table;
  }

  /* ---- Many outputs: s are scores, right is the index of the right class ---- */

  /* The exponentials over the largest, and their sum, from which outputs and losses follow. */
  function exponentials(s) {
    const largest = Math.max(...s);
    const u = s.map((score) => Math.exp(score - largest));
    return { largest, u, total: sum(u) };
  }

  function softmax(s) {
    const { u, total } = exponentials(s);
    return u.map((share) => share / total);
  }

  /* -ln of the right output: the lead of the largest, and what the others add to it. */
  function negativeLogLikelihood(right, s) {
    const { largest, u } = exponentials(s);
    const top = s.indexOf(largest);
    return largest - s[right] + Math.log1p(sum(u.filter((_, j) => j !== top)));
  }

  /* Output minus target; at the right class, minus what the others have. */
  function negativeLogLikelihoodSlopes(right, s) {
    const o = softmax(s);
    return o.map((share, j) => (j === right ? -sum(o.filter((_, i) => i !== right)) : share));
  }

  /* Half the squared error of the whole row, and its slopes, which the softmax's Jacobian mixes. */
  const softmaxMiss = negativeLogLikelihoodSlopes;

  function softmaxSquaredError(right, s) {
    return 0.5 * sum(softmaxMiss(right, s).map((miss) => miss * miss));
  }

  /* o_j (m_j - sum of o_i m_i), the bracket as a sum over the others, where m_j stands apart. */
  function softmaxSquaredErrorSlopes(right, s) {
    const o = softmax(s);
    const miss = softmaxMiss(right, s);
    return o.map((share, j) => share * sum(o.map((other, i) => other * (miss[j] - miss[i]))));
  }

  /* One sigmoid a label: a sum of binary cross entropies. */
  const multiLabel = (y, s) => sum(s.map((score, k) => crossEntropy(y[k], score)));
  const multiLabelSlopes = (y, s) => s.map((score, k) => crossEntropySlope(y[k], score));

  /* ---- Distributions, in bits; 0 log 0 counts 0 ---- */

  const lengths = (q) => q.map((share) => -Math.log2(share));
  const expected = (p, f) => sum(p.map((share, k) => (share === 0 ? 0 : share * f(k))));
  const entropyBits = (p) => expected(p, (k) => -Math.log2(p[k]));
  const crossEntropyBits = (p, q) => expected(p, (k) => -Math.log2(q[k]));
  /* Near agreement log1p keeps the digits that log of a quotient near 1 would lose. */
  const divergenceBits = (p, q) =>
    expected(p, (k) => {
      const gap = (p[k] - q[k]) / q[k];
      return (Math.abs(gap) < 0.5 ? Math.log1p(gap) : Math.log(p[k] / q[k])) / Math.LN2;
    });

  /* ---- Likelihood ---- */

  const xlogy = (x, y) => (x === 0 ? 0 : x * Math.log(y));

  /* `ones` of n tosses were 1, in a stated order; p is the probability of a 1. */
  const bernoulliLogLikelihood = (ones, n, p) =>
    xlogy(ones, p) + (n - ones === 0 ? 0 : (n - ones) * Math.log1p(-p));

  /* The log of the bell's height at y, around the output o. */
  function gaussianLogLikelihood(y, o, std) {
    const away = (y - o) / std;
    return -0.5 * away * away - Math.log(std) - 0.5 * Math.log(2 * Math.PI);
  }

  /* ---- Logistic regression on points [x1, x2, y] with theta = [w1, w2, b] ---- */

  const score = (theta, [x1, x2]) => theta[0] * x1 + theta[1] * x2 + theta[2];

  const meanLoss = (loss, theta, points) =>
    sum(points.map((point) => losses[loss].value(point[2], score(theta, point)))) / points.length;

  function meanLossGradient(loss, theta, points) {
    const total = [0, 0, 0];
    for (const point of points) {
      const slope = losses[loss].slope(point[2], score(theta, point));
      total[0] += slope * point[0];
      total[1] += slope * point[1];
      total[2] += slope;
    }
    return total.map((part) => part / points.length);
  }

  const descendOnPoints = (loss, theta, points, eta) => {
    const gradient = meanLossGradient(loss, theta, points);
    return theta.map((parameter, k) => parameter - eta * gradient[k]);
  };

  /* On the boundary, at score 0, neither class is said. */
  const mistakes = (theta, points) =>
    points.filter((point) => (point[2] > 0.5 ? 1 : -1) * score(theta, point) <= 0).length;

  /* ---- Depth: a chain of layers with one neuron each, all with weight w and bias 0 ---- */

  const activations = Object.freeze({
    sigmoid: { value: sigmoid, slope: sigmoidSlope },
    tanh: {
      value: Math.tanh,
      slope: (z) => {
        const u = Math.exp(-2 * Math.abs(z));
        return (4 * u) / ((1 + u) * (1 + u));
      },
    },
    relu: { value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) },
    linear: { value: (z) => z, slope: () => 1 },
  });

  /* The gradient by each layer's logit, from the output's back to the first layer's. The last layer
   * is a sigmoid under cross entropy, whose gradient is the error; the others use the activation. */
  function chainGradients(activation, w, x, y, layers) {
    const { value, slope } = activations[activation];
    const logits = [];
    let a = x;
    for (let layer = 1; layer <= layers; layer += 1) {
      logits.push(w * a);
      a = value(w * a);
    }
    const gradients = new Array(layers);
    let gradient = crossEntropySlope(y, logits[layers - 1]);
    for (let layer = layers - 1; layer >= 0; layer -= 1) {
      gradients[layer] = gradient;
      if (layer > 0) gradient *= w * slope(logits[layer - 1]);
    }
    return { logits, gradients };
  }

  return Object.freeze({
    losses, linearSquaredError, sigmoid, sigmoidSlope,
    logit, descend, stepsToHalf, neuronTable,
    softmax, negativeLogLikelihood, negativeLogLikelihoodSlopes,
    softmaxSquaredError, softmaxSquaredErrorSlopes, multiLabel, multiLabelSlopes,
    lengths, entropyBits, crossEntropyBits, divergenceBits,
    bernoulliLogLikelihood, gaussianLogLikelihood,
    score, meanLoss, meanLossGradient, descendOnPoints, mistakes,
    activations, chainGradients,
  });
})();
