/* The arithmetic of the explorer: one sigmoid neuron under two losses.
 *
 * Each line has its twin in the Python package losstheory, and tests/site/test_moving_arithmetic.py runs
 * this very file against it. Every exponential is u = exp(-|z|), which cannot overflow, and no
 * two numbers that are nearly equal are subtracted; "Compute losses without losing digits"
 * derives the forms. The logit z is finite, the target y lies in [0, 1], losses are in nats.
 */
const lossMath = (() => {
  "use strict";

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

  const crossEntropyBits = (y, z) => crossEntropy(y, z) / Math.LN2;
  const crossEntropySlopeBits = (y, z) => crossEntropySlope(y, z) / Math.LN2;

  /* What is trained: a value and its slope in z, by the name that the page uses. */
  const losses = Object.freeze({
    nats: { value: crossEntropy, slope: crossEntropySlope },
    bits: { value: crossEntropyBits, slope: crossEntropySlopeBits },
    squared: { value: squaredError, slope: squaredErrorSlope },
  });

  const logit = ({ x, w, b }) => w * x + b;

  /* Gradient descent on w and b. Returns the logits, that of the start first. */
  function descend(loss, { x, w, b, y, eta }, steps) {
    const logits = [w * x + b];
    for (let n = 0; n < steps; n += 1) {
      const slope = losses[loss].slope(y, logits[n]);
      w -= eta * (slope * x);
      b -= eta * slope;
      logits.push(w * x + b);
    }
    return logits;
  }

  /* Steps until the output reaches the target's side of 1/2: 0 if the neuron starts there or on
   * 1/2, null if the target is 1/2 itself, Infinity if `limit` steps do not do. */
  function stepsToHalf(loss, neuron, limit) {
    if (neuron.y === 0.5) return null;
    const side = neuron.y > 0.5 ? 1 : -1;
    let { w, b } = neuron;
    for (let n = 0; n <= limit; n += 1) {
      const z = w * neuron.x + b;
      if (side * z >= 0) return n;
      const slope = losses[loss].slope(neuron.y, z);
      w -= neuron.eta * (slope * neuron.x);
      b -= neuron.eta * slope;
    }
    return Infinity;
  }

  /* All that the table shows: the logit, the output, and for each loss its value and slopes. */
  function neuronTable(neuron) {
    const z = logit(neuron);
    const table = { z, o: sigmoid(z) };
    for (const [name, { value, slope }] of Object.entries(losses)) {
      const db = slope(neuron.y, z);
      table[name] = { value: value(neuron.y, z), db, dw: db * neuron.x };
    }
    return table;
  }

  return Object.freeze({ losses, sigmoid, sigmoidSlope, logit, descend, stepsToHalf, neuronTable });
})();
