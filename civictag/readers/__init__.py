"""Files of every kind → Documents: decoded text with its encoding, title and row columns.

Importing this loads nothing heavy; a format's library is imported when a file needs it.
"""

from civictag.readers.encodings.codecs import Decoded
from civictag.readers.encodings.decoding import decode
from civictag.readers.files import find_inputs
from civictag.readers.options import Reading
from civictag.readers.reading import read_documents

__all__ = ["Decoded", "Reading", "decode", "find_inputs", "read_documents"]
