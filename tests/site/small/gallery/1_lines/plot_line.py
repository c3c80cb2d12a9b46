"""
Draw a line
===========

One :value:`0.5 <sigmoid(0.0)>`, see :func:`losstheory.sigmoid`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import sigmoid

plt.style.use("losstheory.figures")
fig, ax = plt.subplots()
ax.plot([0.0, 1.0], sigmoid(np.array([0.0, 1.0])), label="a line")
ax.bar([0.5], [0.5], color="C1", edgecolor="white")
ax.legend()
fig.set_label('A line < a "bar" & more')

# %%
# Prose between.

print(0.5)
