"""What the warm process loads once for all kernels; imported for nothing else."""

from __future__ import annotations

import os

# read when matplotlib is imported, and what a kernel would set
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import ipykernel.ipkernel
import ipykernel.kernelapp
import IPython.core.interactiveshell
import matplotlib.backends.backend_svg
import matplotlib.figure
import numpy as np
import pandas as pd
import pyarrow.parquet
import scipy.stats
import seaborn as sns

import bildungsbedarf.codebook
import bildungsbedarf.disclosure
import bildungsbedarf.findings
import bildungsbedarf.needs
import bildungsbedarf.participation
import bildungsbedarf.run.kernel
import bildungsbedarf.show
import bildungsbedarf.survey.estimate
import bildungsbedarf.survey.weighting
import bildungsbedarf.wave

__all__ = ["IPython", "bildungsbedarf", "ipykernel", "matplotlib", "np", "pd", "pyarrow", "scipy", "sns"]
