"""A table of tags that was read back, written again: with what it had, and nothing that it had not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civictag.datamodel import Article, Label
from civictag.review.grouped_rows import TaggedTable
from civictag.writers import Options, open_writer
from civictag.writers.base import BY_CUES


def write_again(
    articles: Sequence[Article],
    found: TaggedTable,
    labels: Sequence[Label],
    model: Mapping[str, str],
    form: str,
    output: str,
    headings: str | None = None,
) -> list[str]:
    """Write ``articles``; what the reader of the output should be told.

    Args:
        articles: what to write.
        found: the table that they were read from.
        labels: the label set, in its order.
        model: ``name``, ``version`` and ``sha256`` of the model that tagged them.
        form: one of ``civictag.writers.FORMATS``.
        output: the path.
        headings: of sheets; None: as the table's are.

    Raises:
        CivictagError: the file cannot be written.
    """
    paragraphs = [p for article in articles for p in article.paragraphs]
    options = Options(
        explain=any(tag.evidence or tag.evidence_text for p in paragraphs for tag in p.tags),
        all_scores=True,
        headings=headings or found.headings,
        keep_furniture=any(p.kind == "furniture" for p in paragraphs),
        further=tuple(dict.fromkeys(name for article in articles for name in article.extra)),
        cues_only=model.get("name") == BY_CUES,
        not_counted=found.not_counted,
    )
    named = {"name": "", "version": "", "sha256": "", **model}
    with open_writer(form, output, labels=labels, model=named, options=options) as writer:
        for article in articles:
            writer.write(article)
    return list(writer.warnings)
