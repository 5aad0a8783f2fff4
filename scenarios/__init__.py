"""The park stories as replays: raw input files and one short script of public actions each. No figures."""
