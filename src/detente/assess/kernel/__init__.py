"""The compiled plays: random numbers by purpose, the course of a party, and one module for each part of a phase."""
