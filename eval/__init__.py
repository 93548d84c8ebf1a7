"""Measuring translations: suites, metrics with intervals, significance, reports, a gate and speed."""
