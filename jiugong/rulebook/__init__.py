"""Rulebook: which release of which policy pack holds in a park, since when, and what the park decides beside it.

A pack is data (`packs/`, read by `policy`); a park adopts a release from a day, and from that day its rules are the
park's duties. With nothing adopted nothing is owed by rule. The park adds local rules with their document, keeps a plan
for every enterprise and two of its own, grades enterprises and enters the levels of areas: duties follow from all of it.

Long because what is decided about rules is looked at before it holds: comparing, impact, tiers, plans and local rules each
have a page that people who do not program can read.

Words: release, adoption, rule, fingerprint, local rule, plan, regime, grading, area level, tier of testing.
"""
