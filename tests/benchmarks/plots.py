# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawings of the report: SVG files that are the same whenever the numbers are."""

from __future__ import annotations

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "saasops.jobs", "svg.fonttype": "none", "figure.constrained_layout.use": 1})

from matplotlib import pyplot  # noqa: E402  (only now is it known that no screen is needed)


def lines(file, panels, x_label, y_label):
    """One panel for each title, all with the same logarithmic axes.

    :param panels: {title: {label: (xs, ys)}}; a label that ends with ")" is dashed, as it is not a measurement.
    """
    figure, all_axes = pyplot.subplots(
        1, len(panels), figsize=(1 + 4 * len(panels), 4), sharex=True, sharey=True, squeeze=False
    )
    for axes, (title, curves) in zip(all_axes[0], panels.items()):
        for label, (xs, ys) in curves.items():
            axes.plot(xs, ys, "--" if label.endswith(")") else "o-", label=label, markersize=4)
        axes.set(title=title, xlabel=x_label, xscale="log", yscale="log")
        axes.grid(alpha=0.3)
    all_axes[0][0].set_ylabel(y_label)
    figure.legend(*all_axes[0][-1].get_legend_handles_labels(), loc="outside lower center", ncols=6, fontsize="small")
    _save(figure, file)


def bars(file, panels):
    """One panel of horizontal bars for each title.

    :param panels: {title: {label: number}}.
    """
    figure, all_axes = pyplot.subplots(1, len(panels), figsize=(1 + 4.5 * len(panels), 3), squeeze=False)
    for axes, (title, numbers) in zip(all_axes[0], panels.items()):
        drawn = axes.barh(list(numbers), list(numbers.values()))
        axes.bar_label(drawn, fmt="%.3g", padding=3)
        axes.set_title(title)
        axes.margins(x=0.15)
        axes.invert_yaxis()
    _save(figure, file)


def _save(figure, file):
    figure.savefig(file, format="svg", metadata={"Date": None})
    pyplot.close(figure)
