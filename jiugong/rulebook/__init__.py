"""Rulebook: which release of which policy pack holds in a park, since when.

A pack is data (`packs/`, read by `policy`); a park adopts a release from a day, and from that day its rules are the
park's duties. With nothing adopted nothing is owed by rule.

Words: release, adoption, rule, fingerprint.
"""
