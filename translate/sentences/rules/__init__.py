"""Sentences that no model is asked for: datelines, rubrics and bylines, translated by rule."""
