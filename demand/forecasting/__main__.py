"""python -m demand.forecasting forecast | backtest | train: the engine without the application and without a
database."""

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # matrices are small: more threads only wait for each other

import sys

from demand.forecasting.commands import main

if __name__ == "__main__":
    sys.exit(main())
