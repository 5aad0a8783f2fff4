"""Benchmarks with their peers: each figure beside a named peer in the same run, on the same store, as a ratio."""
