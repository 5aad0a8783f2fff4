"""The ground that every room stands on: plain Python, no Django, no database.

Who acts and may act (`acting`, `can`), what time it is (`clock`, `days`), how a refusal speaks (`refusal`),
what an identifier is (`identifiers`), how people's sheets are read and written (`sheets`), and how what
must stay secret is kept (`secrets`).
"""
