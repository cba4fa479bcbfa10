"""The ways to learn a label's weights: each gives the same linear model."""
