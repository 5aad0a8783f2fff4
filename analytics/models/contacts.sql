-- Who met those who are asked about: one row for each meeting, by one rule, at one spot, as one source says.
-- Grain: asked, who, ground, spot, since, until, source, assumed. Reads: asked, own (models/own.sql), presence, reach, crews.
-- Two stays meet where they overlap for longer than nothing inside the window and at least as long as the rule asks; stays are
-- not summed. Who must be of one crew was so at some moment of the meeting. Every join is an equality, and times are compared after it.
WITH mine AS (
    SELECT a.who AS asked, o.kind, o.hall, o.number + r.apart AS number, o.assumed, r.ground, r.same_crew, r.seconds,
           GREATEST(o.entered, a.since) AS since, LEAST(o.left, a.until) AS until
    FROM asked a
    JOIN own o ON o.who = a.who
    JOIN reach r ON r.kind = o.kind
    WHERE o.entered < a.until
      AND o.left > a.since
      AND ((o.number = 0 AND r.apart = 0) OR (o.number > 0 AND o.number + r.apart > 0))
),
mates AS (
    SELECT DISTINCT c.who AS asked, d.who, GREATEST(c.since, d.since) AS since, LEAST(c.until, d.until) AS until
    FROM asked a
    JOIN crews c ON c.who = a.who
    JOIN crews d ON d.crew = c.crew
    WHERE LEAST(c.until, d.until) > GREATEST(c.since, d.since)
)
SELECT DISTINCT m.asked, t.who, m.ground, t.spot, GREATEST(m.since, t.entered) AS since, LEAST(m.until, t.left) AS until,
       t.source, (m.assumed OR t.assumed) AS assumed
FROM mine m
JOIN presence t ON t.kind = m.kind AND t.hall = m.hall AND t.number = m.number
LEFT JOIN mates c ON m.same_crew AND c.asked = m.asked AND c.who = t.who
                 AND c.since < LEAST(m.until, t.left) AND c.until > GREATEST(m.since, t.entered)
WHERE t.who <> m.asked
  AND LEAST(m.until, t.left) - GREATEST(m.since, t.entered) > 0
  AND LEAST(m.until, t.left) - GREATEST(m.since, t.entered) >= m.seconds
  AND (NOT m.same_crew OR c.who IS NOT NULL)
