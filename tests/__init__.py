"""The house as a whole: stories, doors, house rules, translations. What one room promises is tested in that room."""
