"""civictag: tags the paragraphs of Chinese civic-campaign articles, and shows why."""
from civictag.version import __version__
