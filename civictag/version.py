"""The version, alone in a module so that packaging and start-up can read it cheaply."""

__version__ = "0.1.0"
