"""The compiled plays: random numbers by purpose, the course of a party, one play."""
