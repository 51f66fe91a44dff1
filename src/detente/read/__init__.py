"""From texts to claims with their place in the text, from claims to a draft case, from reports to what is said of
provisions.
"""
