-- A stay is told once by one source. Reads: presence.
SELECT p.spot, p.entered, p.left
FROM presence p
GROUP BY p.who, p.spot, p.entered, p.left, p.source, p.assumed
HAVING COUNT(*) > 1
