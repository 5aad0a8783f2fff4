"""The registry's pages: taking rosters, finding people, enterprises, bodies, and who answers for what."""
