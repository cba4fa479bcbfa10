"""A corpus to counted features: analysed in parallel, and kept for the next training.

Folding, cutting, cues and n-grams are most of a training's time and do not depend on its
settings of learning (``civictag.features.count_cache`` keeps them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from civictag.datamodel import LabelledParagraph
from civictag.features.extract import Analyser
from civictag.features.vocabulary import Counted, count
from civictag.labels.cue_matcher import CueTable, cue_table
from civictag.labels.label_set import Taxonomy
from civictag.settings import FeatureSettings
from civictag.text.normalize import normalize
from civictag.text.tokenizer import Tokenizer, user_dictionary
from civictag.util.orphans import beginning

CHUNK = 500  # paragraphs that a worker analyses at a time


@dataclass(frozen=True, slots=True)
class Lookups:
    """What the analysis of a text depends on besides the text.

    Attributes:
        table: the cues.
        words: jieba user words and their frequencies.
        total: jieba's sum of all frequencies.
        features: how a text becomes features.
    """

    table: CueTable
    words: dict[str, int]
    total: int
    features: FeatureSettings


def lookups(taxonomy: Taxonomy, clauses: bool = False) -> Lookups:
    """The lookups that a label set asks for; ``clauses``: of clauses instead of sentences.

    Loads jieba (about a second).
    """
    words, total = user_dictionary(user_words(taxonomy))
    # Single characters too: a learner of small corpora uses them, the others leave them out.
    return Lookups(cue_table(taxonomy.cues), words, total, FeatureSettings(char_min=1, clauses=int(clauses)))


def user_words(taxonomy: Taxonomy) -> list[str]:
    """Cues that jieba should keep whole: one-part literals of 2 to 6 Chinese characters, sorted."""
    literals = (cue.parts[0] for cue in taxonomy.cues if len(cue.parts) == 1 and cue.label)
    whole = (word for part in literals for word in part if 2 <= len(word) <= 6)
    return sorted({word for word in whole if all("\u4e00" <= char <= "\u9fd5" for char in word)})


def count_corpus(
    rows: Sequence[LabelledParagraph], known: Lookups, jobs: int = 1, cache: str | None = None
) -> Counted:
    """Count the features of a corpus's sentences, ``cache``: a folder to keep the counts in, or None.

    Raises:
        CorpusError: there is no name at all.
    """
    texts = [(row.text, row.title) for row in rows]
    if cache is None:
        return _count_all(texts, known, jobs)
    from civictag.features import count_cache

    place = count_cache.path(cache, texts, known)
    counted = count_cache.read(place)
    if counted is None:
        counted = _count_all(texts, known, jobs)
        count_cache.write(place, counted)
    return counted


def _count_all(texts: list[tuple[str, str]], known: Lookups, jobs: int) -> Counted:
    from joblib import Parallel, delayed

    chunks = [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]
    jobs = min(jobs, len(chunks))
    pool = Parallel(n_jobs=jobs, return_as="generator", **beginning())
    work = pool(delayed(name_features)(chunk, known) for chunk in chunks)
    return count(paragraph for chunk in work for paragraph in chunk)


def name_features(texts: Sequence[tuple[str, str]], known: Lookups) -> list[list[list[str]]]:
    """Feature names of each (text, title): a list of sentences, each a list of names.

    A text of which folding leaves nothing is one sentence without features, as it is in a model.
    """
    analyser = Analyser(known.table, known.features)
    segmenter = Tokenizer(known.words, known.total)

    def sentences(text: str, title: str) -> Iterator[list[str]]:
        """Names of each sentence, the title's among them."""
        normalized, head = normalize(text), normalize(title)
        found = analyser.analyse(normalized, segmenter.spans(normalized), head, segmenter.spans(head))
        title_features = [seen.name for seen in found.title_features]
        for sentence in found.seen:
            yield [seen.name for seen in sentence] + title_features

    return [list(sentences(text, title)) or [[]] for text, title in texts]
