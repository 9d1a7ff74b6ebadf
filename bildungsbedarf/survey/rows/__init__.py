"""The rows of a sample: one protocol (``asked``), fulfilled in memory and from Parquet."""
