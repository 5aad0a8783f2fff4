"""Sealing as arithmetic: digests of rows, tables and seals, and what differs. No Django, no database."""
