/* One sentence's features, as hits. */
#ifndef CIVICTAG_FAMILIES_H
#define CIVICTAG_FAMILIES_H

#include "analysis.h"

/* Does the character at `i` divide in one of these ways (SENTENCE_END …)? */
static inline bool divides(const struct analysis *a, size_t i, uint8_t marks)
{
    return (a->kinds[i] & marks) != 0;
}

/* Words from number `word` on that begin before `end`, as names of the family at `root`; returns the
 * number of the next word. */
size_t add_words(struct analysis *a, const struct model *m, const struct paragraph *p, uint32_t root,
                 size_t word, size_t end);

/* Fill a->marks for sentence `i`, whose words begin at `word`, and some more, for add_phrase_hits; what else is
 * looked up there is fetched. False when memory is short. */
bool find_marks(struct analysis *a, const struct model *m, const struct paragraph *p, size_t i, size_t word);

/* N-grams and cues of [start .. end), the sentence after the last one asked for. */
void add_phrase_hits(struct analysis *a, const struct model *m, size_t start, size_t end);

/* Words and cues of a title. */
void add_title_hits(struct analysis *a, const struct model *m, const struct paragraph *p);

#endif
