"""Registry: who and where. Every worker is on it, healthy or not, and for everything there is somebody who answers.

Two trees (places and units) stand in a park; people are posted to units, assigned to beds, tables and buses, and put
in charge of units and places. Everything is dated, so "who was on the roster on 24 July" has an answer. This room
does not know what anybody owes.

Long because a park's workbook comes in, is understood cell by cell, goes back marked and goes out again, and because
everything in it can also be kept by hand, from a day on.

Words: park, place, grid, site, unit, enterprise, workshop, team, person, posting, assignment, charge, body, roster.
"""
