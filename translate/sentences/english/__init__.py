"""The English that a model gave, put right from the French."""
