"""The ground that every room stands on: plain Python, no Django, no database.

Who acts and may act (`acting`, `can`), what time it is (`clock`, `days`), how a refusal speaks (`refusal`),
what an identifier is (`identifiers`), how people's sheets are read and written (`sheets`), and how what
must stay secret is kept (`secrets`), and how a machine proves on its own network who it is (`certificates`, `tls_files`).

Long because all this is one ground: nothing in it knows a room, and every room may stand on any of it.
"""
