/* Cutting a folded paragraph into words, as jieba 0.42.1 does (cut, HMM=True). */
#ifndef CIVICTAG_SEGMENT_H
#define CIVICTAG_SEGMENT_H

#include "lexicon.h"
#include "paragraph.h"

enum { USER_BEGIN = 32 };

struct cutter {
    const struct lexicon *words;
    const struct lexicon *user; /* user words, laid over `words`; NULL: none */
    uint32_t user_root;         /* the slot of `user`'s trie that its words begin at */
    const uint8_t *kinds;       /* by code of `user`: has USER_BEGIN where a word of its begins so; NULL: not known */
    size_t kind_count;
    double log_total;           /* log of the sum of all frequencies */
};

/* A block: a row of word characters (see is_word_char) and what is computed for it. */
struct block {
    const uint32_t *chars;
    size_t length;
    uint16_t *codes;      /* in cutter->words */
    uint32_t *pairs;      /* slot of the dictionary after two characters from here; 0: no word goes on so */
    uint16_t *user_codes; /* in cutter->user */
    double *score;        /* log probability of the best way from here to the end */
    uint32_t *next;       /* where the first word of that way ends */
    uint8_t *states;      /* of the hidden Markov model */
    size_t capacity;
};

/* Fill p->ends. False when memory is short. */
bool paragraph_cut(struct paragraph *p, struct block *b, const struct cutter *cutter);
void block_free(struct block *b);

/* route.c: fill `next`, the most probable way through the dictionary. */
void block_route(struct block *b, const struct cutter *cutter);
/* route.c: is chars[start .. end) a word? */
bool block_is_word(const struct block *b, const struct cutter *cutter, size_t start, size_t end);
/* hmm.c: fill `states` for the Chinese characters [start .. end). */
void block_states(struct block *b, const struct lexicon *lex, size_t start, size_t end);

enum { STATE_B, STATE_E, STATE_M, STATE_S };

static inline bool is_han(uint32_t c) { return c - 0x4E00 <= 0x9FD5 - 0x4E00; }

static inline bool is_latin(uint32_t c) { return c - '0' < 10 || (c | 0x20) - 'a' < 26; }

#endif
