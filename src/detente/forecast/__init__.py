"""Forecasts of what has been counted, period by period, which never stand without their past score."""
