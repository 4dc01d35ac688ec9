"""Recomputes the work, powers and uncertainties of workouts from catalogue.json, apart from the service's own code.

Reads a JSON list of workouts in SI from standard input and writes a list of results to standard output. The formulas of
the catalogue are evaluated with numbers that carry their derivatives, so no slope is written down by hand.
Needs Python 3.8 and its standard library.
"""

import json
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "catalogue.json"), encoding="utf-8") as file:
    CATALOGUE = json.load(file)
ATHLETE = CATALOGUE["athlete"]
READINGS = CATALOGUE["readings"]
MOVEMENTS = {one["name"]: one for one in CATALOGUE["movements"]}
CODE = {name: compile(one["work"], name, "eval") for name, one in MOVEMENTS.items()}
G = 9.80665


class Number:
    """A value and its derivatives, each already times one sigma of the figure it is taken by."""

    def __init__(self, value, terms=None):
        self.value = value
        self.terms = terms or {}

    def _with(self, value, own, other, factor):
        terms = {key: own * term for key, term in self.terms.items()}
        if other is not None:
            for key, term in other.terms.items():
                terms[key] = terms.get(key, 0.0) + factor * term
        return Number(value, terms)

    def __add__(self, other):
        other = number(other)
        return self._with(self.value + other.value, 1.0, other, 1.0)

    __radd__ = __add__

    def __sub__(self, other):
        other = number(other)
        return self._with(self.value - other.value, 1.0, other, -1.0)

    def __rsub__(self, other):
        return number(other) - self

    def __mul__(self, other):
        other = number(other)
        return self._with(self.value * other.value, other.value, other, self.value)

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = number(other)
        value = self.value / other.value
        return self._with(value, 1.0 / other.value, other, -value / other.value)

    def __rtruediv__(self, other):
        return number(other) / self

    def __pow__(self, power):
        if self.value == 0:
            return Number(0.0)
        return self._with(self.value**power, power * self.value ** (power - 1), None, 0.0)

    def __bool__(self):
        return self.value != 0

    @property
    def sigma(self):
        return math.sqrt(sum(term * term for term in self.terms.values()))


def number(value):
    return value if isinstance(value, Number) else Number(value)


def limited(floor, given):
    """max(0, x): a console at rest reads nothing, yet could as well read more; a rope within reach is flat."""
    return given if given.value > floor else Number(0.0, given.terms if floor_keeps_slope else {})


floor_keeps_slope = False


def of_line(movement, line, height, mass, time, where):
    """Work of one line; `time` is that of one rep, or 0 where it is not known."""
    global floor_keeps_slope
    entry = MOVEMENTS[movement]
    names = {"g": G, "H": height, "body_mass": mass, "t": time, "max": limited}
    for name, (value, sigma) in entry["coefficients"].items():
        given = line.get("overrides", {}).get(name)
        key = ("coefficient", movement, name)
        names[name] = Number(value, {key: sigma}) if given is None else Number(given)
    for name, (default, reading) in entry["inputs"].items():
        value = line.get("inputs", {}).get(name, default)
        least, relative, shared = READINGS[reading]
        sigma = max(least, relative * value) if value else 0.0
        key = ("reading", reading, value) if shared else ("reading", where, name)
        names[name] = Number(value, {key: sigma})
    floor_keeps_slope = "calories" in entry["inputs"]
    return number(eval(CODE[movement], {"__builtins__": {}}, names)) * line["reps"]


def shares_of_time(split):
    """Seconds of one rep of each line over the seconds of the split; None where no line has a time of its own."""
    lines = split["lines"]
    movement = lines[0]["movement"]
    if any(line["movement"] != movement for line in lines) or "t" not in CODE[movement].co_names:
        return None
    kinds = {kind for line in lines for kind in ("travel_distance", "calories") if line["inputs"].get(kind)}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    total = sum(line["reps"] * line["inputs"][kind] for line in lines)
    return [line["inputs"][kind] / total for line in lines]


def measured(figure):
    return {"value": figure.value, "uncertainty": figure.sigma}


def recompute(workout):
    height = Number(workout["height_m"], {"height": ATHLETE["height_sigma_m"]})
    mass = Number(workout["body_mass_kg"], {"mass": ATHLETE["body_mass_sigma_kg"]})
    splits, times, by_movement, lines_of = [], [], {}, []
    for index, split in enumerate(workout["splits"]):
        time = Number(split["seconds"], {("time", index): ATHLETE["time_sigma_s"]})
        shares = shares_of_time(split)
        work, lines = Number(0.0), []
        for place, line in enumerate(split["lines"]):
            rep_time = time * shares[place] if shares else 0
            one = of_line(line["movement"], line, height, mass, rep_time, (index, place))
            lines.append(measured(one))
            work = work + one
            by_movement[line["movement"]] = by_movement.get(line["movement"], Number(0.0)) + one
        splits.append(work)
        times.append(time)
        lines_of.append(lines)
    total = sum(splits, Number(0.0))
    active = sum(times, Number(0.0))
    elapsed = Number(workout["seconds"], {"elapsed": ATHLETE["time_sigma_s"]})
    if len(times) == 1 and times[0].value == elapsed.value:
        elapsed = times[0]
    powers = [work / time for work, time in zip(splits, times)]
    mean = sum(powers, Number(0.0)) / len(powers)
    peak = max(powers, key=lambda one: one.value)
    least = min(powers, key=lambda one: one.value)
    result = {
        "lines": lines_of,
        "splits": [measured(work) for work in splits],
        "powers": [measured(one) for one in powers],
        "total_work": measured(total),
        "average_power_elapsed": measured(total / elapsed),
        "average_power_active": measured(total / active),
        "mean": measured(mean),
        "movements": {name: measured(work) for name, work in by_movement.items()},
    }
    if total.value > 0:
        result["shares"] = {name: measured(work / total) for name, work in by_movement.items()}
        result["dropoff"] = measured((peak - least) / peak)
        spread = sum(((one / mean - 1) ** 2 for one in powers), Number(0.0)) / len(powers)
        if spread.value > 0:
            result["consistency"] = measured(1 - spread**0.5)
    return result


json.dump([recompute(workout) for workout in json.load(sys.stdin)], sys.stdout)
