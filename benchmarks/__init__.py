"""The engine beside its peers, every pair measured in one run: `python -m benchmarks`."""
