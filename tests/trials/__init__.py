"""Attacks, broken engines, machines and histories: in small numbers by the tests, in full by `make trials`."""
