"""The formats in which events come, one module each, and which of them a file is in.

A format says how its columns are brought to those of the record (`detente.record.schema.EVENTS`), each as an SQL expression
over the raw columns, all text. Nothing is read here.
"""
