"""Jiugong (九宫): who owes what today, who has not done it, who was exposed, what happens next, and who answers for it."""
