/* The lexicon file, read where it lies (a memory map, or the bytes of a model).
 *
 * civictag/lexicon.py describes the layout and writes it; civictag/double_array.py says how the
 * trie is walked. Nothing here trusts the contents: every index is checked against its section,
 * so that a damaged file gives wrong words and never a wrong access.
 */
#ifndef CIVICTAG_LEXICON_H
#define CIVICTAG_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PAGE = 256,
    PAGES = 0x110000 / PAGE,
    STATES = 4,            /* of the hidden Markov model: B E M S */
    FOLD_DROP = 0x110000,  /* what a character that leaves no trace folds to */
    FOLD_SPACE = 0x20,
};

/* A table over all code points in two stages; index is NULL when the section is empty. */
struct stages32 {
    const uint16_t *index;
    const uint32_t *pages;
};

struct stages16 {
    const uint16_t *index;
    const uint16_t *pages;
};

struct lexicon {
    struct stages32 folds;
    struct stages16 codes;
    const uint64_t *trie;
    size_t trie_count;
    const double *logs;
    size_t log_count;
    const double *hmm;  /* start[STATES], step[STATES][STATES]; NULL when absent */
    const double *emissions;
    size_t emission_rows;
};

/* Point `lex` into `bytes`. Returns NULL, or what is wrong with them. */
const char *lexicon_open(struct lexicon *lex, const void *bytes, size_t size);

/* What `character` becomes when text is folded: itself, another, FOLD_SPACE or FOLD_DROP. */
static inline uint32_t lexicon_fold(const struct lexicon *lex, uint32_t character)
{
    uint32_t folded = lex->folds.pages[lex->folds.index[character / PAGE] * PAGE + character % PAGE];
    return folded - 1 < FOLD_DROP ? folded : character; /* 0: stays; more than FOLD_DROP: a damaged file */
}

/* The character's code in the trie; 0: no word has it. */
static inline uint16_t lexicon_code(const struct lexicon *lex, uint32_t character)
{
    return lex->codes.pages[lex->codes.index[character / PAGE] * PAGE + character % PAGE];
}

/* The slot that `code` leads to from `slot`; 0 when no word goes on that way. */
static inline uint32_t lexicon_step(const struct lexicon *lex, uint32_t slot, uint16_t code)
{
    uint32_t next = (uint32_t)(lex->trie[slot] & 0xFFFFFF) + code;
    if (next >= lex->trie_count || code == 0)
        return 0;
    return (uint32_t)(lex->trie[next] >> 24 & 0xFFFFFF) == slot ? next : 0;
}

/* The log frequency of the word that ends at `slot`; NULL when none does. */
static inline const double *lexicon_word(const struct lexicon *lex, uint32_t slot)
{
    size_t value = lex->trie[slot] >> 48;
    return value && value < lex->log_count ? &lex->logs[value] : NULL;
}

#endif
