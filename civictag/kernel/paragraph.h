/* One paragraph on its way: characters, where they stood, words. The arrays grow on demand and
 * serve the next paragraph again, so that a batch allocates nothing once it has seen its longest.
 */
#ifndef CIVICTAG_PARAGRAPH_H
#define CIVICTAG_PARAGRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lexicon;

struct paragraph {
    uint32_t *chars;    /* code points; folded in place */
    uint32_t *offsets;  /* of each folded character in the original; filled by paragraph_fold */
    uint32_t *ends;     /* word w is chars[ends[w - 1] .. ends[w]), the first begins at 0 */
    size_t length;      /* of chars, and of offsets once folded */
    size_t words;
    size_t capacity;
};

/* Room for `length` characters. False when memory is short; the paragraph stays as it was. */
bool paragraph_reserve(struct paragraph *p, size_t length);
void paragraph_free(struct paragraph *p);

/* Fold `chars` in place, by the lexicon's table, and fill `offsets`. */
void paragraph_fold(struct paragraph *p, const struct lexicon *lex);

#endif
