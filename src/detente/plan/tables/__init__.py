"""The rows in floating point, compiled: sums over measures, for one set of values or for many draws of them."""
