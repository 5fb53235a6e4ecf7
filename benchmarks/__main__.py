"""`make bench`: the engines and the application, each figure as a ratio or against its goal.

Every part runs in a process of its own, so that peak memory and imports of one do not colour another.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = [
    ("The application", ["-m", "benchmarks.application"]),
    ("The supply engine", ["-m", "benchmarks.supply_engine", "S", "300"]),
    ("The forecasting engine", ["-m", "benchmarks.forecast_engine"]),
]


def main() -> int:
    """Runs the parts (or those whose number is given) and returns the number of failed ones."""
    chosen = [int(word) for word in sys.argv[1:]] or range(1, len(PARTS) + 1)
    failed = 0
    for number in chosen:
        title, arguments = PARTS[number - 1]
        print(f"\n== {number}. {title}", flush=True)
        failed += subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode != 0  # noqa: S603
    return failed


if __name__ == "__main__":
    sys.exit(main())
