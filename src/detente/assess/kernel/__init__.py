"""The compiled plays: random numbers by purpose, the course of a party, and one module for each part of a phase.

Numba keeps compiled code by the date of the file of the function that is called. So after an edit to another module of this
folder touch `play.py`, or the old code runs.
"""
