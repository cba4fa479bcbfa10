/* The lexicon file, read where it lies (a memory map, or the bytes of a model).
 *
 * civictag/text/lexicon_file.py describes the layout and writes it; civictag/text/double_array.py says how the
 * trie is walked. Nothing here trusts the contents: every index is checked against its section,
 * so that a damaged file gives wrong words and never a wrong access.
 */
#ifndef CIVICTAG_LEXICON_H
#define CIVICTAG_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

enum {
    PAGE = 256,
    PAGES = 0x110000 / PAGE,
    STATES = 4,            /* of the hidden Markov model: B E M S */
    FOLD_DROP = 0x110000,  /* what a character that leaves no trace folds to */
    FOLD_SPACE = 0x20,
    TOGETHER = 256,        /* characters whose look-ups are prepared at once: the nearest cache holds that */
};

/* In the order of lexicon_file.SECTIONS in Python. */
enum section_name {
    FOLD_INDEX, FOLDS, CODE_INDEX, CODES, TRIE, LOGS, HMM, EMISSIONS,
    SETTINGS, MARKS, CLASSES, PAIRS, FILL_INDEX, FILLS,
    SECTION_COUNT
};

struct section {
    const void *items;
    size_t count;
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

struct trie {
    const uint64_t *slots; /* base: bits 0-21, parent: bits 22-43, value: bits 44-63 */
    size_t count;
};

struct lexicon {
    struct stages32 folds;
    struct stages16 codes;
    struct trie trie;
    const double *logs;
    size_t log_count;
    const double *hmm;  /* start[STATES], step[STATES][STATES]; NULL when absent */
    const double *emissions;
    size_t emission_rows;
    struct section sections[SECTION_COUNT]; /* as found in the file, for model.c */
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
static inline uint32_t trie_step(const struct trie *trie, uint32_t slot, uint16_t code)
{
    uint32_t next = (uint32_t)(trie->slots[slot] & 0x3FFFFF) + code;
    if (next >= trie->count || code == 0)
        return 0;
    return (uint32_t)(trie->slots[next] >> 22 & 0x3FFFFF) == slot ? next : 0;
}

/* trie_step(trie, slot, code) comes soon. */
static inline void trie_soon(const struct trie *trie, uint32_t slot, uint16_t code)
{
    size_t next = (trie->slots[slot] & 0x3FFFFF) + code;
    read_soon(trie->slots + (next < trie->count ? next : 0));
}

/* The value of the word that ends at `slot`; 0 when none does. */
static inline uint32_t trie_value(const struct trie *trie, uint32_t slot)
{
    return (uint32_t)(trie->slots[slot] >> 44);
}

/* The log frequency of the word that ends at `slot`; NULL when none does. */
static inline const double *lexicon_word(const struct lexicon *lex, uint32_t slot)
{
    size_t value = trie_value(&lex->trie, slot);
    return value && value < lex->log_count ? &lex->logs[value] : NULL;
}

#endif
