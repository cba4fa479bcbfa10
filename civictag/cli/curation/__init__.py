"""The verbs of ``civictag corpus``, one a module."""
