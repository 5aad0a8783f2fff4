"""Tracing: from a positive tube to contacts under control, each step on one clock, each restriction with its reasons.

Other systems begin at a case and know no healthy worker and no pool, or they end at the result. Here an incident opens when a
tube turns positive: its members are held, retested, a case is confirmed, contacts are found in who was where, two people decide
about each restriction, the person is told why, and it ends by itself. Later rooms that bring whereabouts add presence here.

Long because it is the longest chain of the house: presence and venue codes, tracing, orders and their clock, risk areas,
people flagged by other places, reports and drills.

Words: incident, member, case, presence, spot, pseudonym, exposure, meeting, contact, ground, order, hold, step, risk area, flagged.
"""
