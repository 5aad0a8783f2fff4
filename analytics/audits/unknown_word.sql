-- Kinds and sources are words of the contract. Reads: presence, words.
SELECT p.spot, p.entered, p.left
FROM presence p
LEFT JOIN words k ON k.of_column = 'kind' AND k.word = p.kind
LEFT JOIN words s ON s.of_column = 'source' AND s.word = p.source
WHERE k.word IS NULL
   OR s.word IS NULL
