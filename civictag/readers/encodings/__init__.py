"""Bytes to text: which encoding it is, and what was broken before."""
