"""The page at ``/``: what was dropped or pasted, tagged and kept as jobs, corrected, downloaded."""
