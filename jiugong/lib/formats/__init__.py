"""How numbers and days are written where Django leaves it open."""
