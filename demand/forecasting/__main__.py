"""python -m demand.forecasting forecast | backtest | train: the engine without the application and without a
database."""

import os
import sys


def run() -> int:
    """Runs the command on one thread: the matrices are small, more threads would only wait for each other."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    from demand.forecasting.commands import main

    return main()


if __name__ == "__main__":
    sys.exit(run())
