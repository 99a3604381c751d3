"""How long do the rule packs take to load? `python -m bench.packs`

Prints, for nation, one province and a house, the time of a cold load in fresh processes (imports not counted), and the
ratio to merely parsing the same TOML files with the standard library.
"""

import subprocess
import sys
from statistics import median

ROUNDS = 7
COLD = """
import sys, time, tomllib
from rules import packs
layers = tuple(sys.argv[1].split(","))
started = time.perf_counter()
book = packs.load(layers)
loaded = time.perf_counter() - started
files = [path for layer in layers for path in (sorted((packs.FOLDER / layer).glob("*.toml"))
         or [packs.FOLDER / f"{layer}.toml"])]
started = time.perf_counter()
for path in files:
    tomllib.loads(path.read_text(encoding="utf-8"))
print(loaded, time.perf_counter() - started, len(book.all()))
"""


def cold(layers: str) -> tuple[float, float, int]:
    """Load the layers in a fresh process; return the seconds of load and of bare parsing, and the rules."""
    told = subprocess.run(  # noqa: S603  our own interpreter and program
        [sys.executable, "-c", COLD, layers], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(told[0]), float(told[1]), int(told[2])


def main() -> None:
    """Print one line per set of layers."""
    for layers in ("national,house", "national,zhejiang,house", "national,shanghai,house"):
        rounds = [cold(layers) for _ in range(ROUNDS)]
        loaded, parsed = (median(values) for values in list(zip(*rounds, strict=True))[:2])
        print(
            f"{layers}: {rounds[0][2]} rules in {loaded * 1000:.0f} ms (target 200), "
            f"{loaded / parsed:.2f} times bare TOML parsing ({parsed * 1000:.0f} ms)"
        )


if __name__ == "__main__":
    main()
