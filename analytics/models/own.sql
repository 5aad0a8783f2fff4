-- The stays of those who are asked about, in their windows.
-- Grain: one stay. Reads: presence, asked.
SELECT DISTINCT p.who, p.kind, p.hall, p.number, p.spot, p.entered, p.left, p.source, p.assumed
FROM presence p
JOIN asked a ON a.who = p.who
WHERE p.entered < a.until
  AND p.left > a.since
