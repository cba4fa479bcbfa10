"""Label sets, and where their cues stand in a sentence."""
