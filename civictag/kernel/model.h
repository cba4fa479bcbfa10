/* A model where it lies: tables.bin (civictag/model/compile_tables.py writes and describes it) and weights.f32.
 *
 * model_open checks every number that is used as an index, so the code that scores need not; only
 * the values in the trie are checked as they are met.
 */
#ifndef CIVICTAG_MODEL_H
#define CIVICTAG_MODEL_H

#include "segment.h"

enum { /* bits of model.kinds; the first four are the tables' */
    SENTENCE_END = 1,
    CLOSER = 2,
    CLAUSE_BREAK = 4,
    GRAM_BREAK = 8,
    LITERAL_BEGIN = 16, /* and USER_BEGIN */
};
enum { NOWHERE = 0xFFFF };

/* In the order in which compile_tables.py writes them. */
struct settings {
    uint32_t user, literal, word, gram, title; /* codes of the families' letters */
    uint32_t colon, zero;                      /* codes of ':' and '0' */
    uint32_t sentence_min, char_min, char_max, cue_gap;
    uint32_t classes, literals, places, longest; /* counts; length of the longest literal */
};

struct class_rows {
    int32_t sentence; /* row of k:class; -1: not in the vocabulary */
    int32_t title;    /* row of T:class */
    int32_t cancels;  /* the class whose hits cancel this one's; -1: none */
    int32_t counter;  /* 1: its hits cancel others' */
};

struct numbers { /* a file of float32 */
    const float *items;
    size_t bytes;
};

struct fill {
    uint16_t cue_class, need, give;
};

struct model {
    struct cutter cutter;
    const struct lexicon *tables;
    struct settings settings;
    uint32_t literal_root, word_root, gram_root, title_root; /* slots; 0: the family is empty */
    uint8_t *kinds; /* by character code, cutter.kind_count of them: what it divides and begins; to be freed */
    const struct class_rows *classes;
    const int32_t *pairs; /* [classes][classes]: row of p:one&other; -1: not in the vocabulary */
    const uint32_t *fill_index;
    const struct fill *fills;
    const float *weights; /* [rows][labels] */
    const float *paragraph; /* [rows - paragraph_first][labels]: of the last rows, see paragraph_weights */
    size_t paragraph_first;
    size_t rows, labels;
    const double *biases;
    const double *offsets; /* added to every other sentence's score */
    double other_sentences_weight; /* share of the other sentences in a paragraph's score */
};

/* Fill the model from its tables and bytes of weights; cutter.words, cutter.log_total, labels, biases,
 * offsets and other_sentences_weight are set before. Returns NULL, or what is wrong. */
const char *model_open(struct model *m, const struct lexicon *tables, struct numbers weights,
                       struct numbers paragraph);

/* What the row counts for the paragraph wherever it stands, a number per label; NULL: nothing. */
static inline const float *paragraph_weights(const struct model *m, uint32_t row)
{
    return row < m->paragraph_first ? NULL : m->paragraph + (row - m->paragraph_first) * m->labels;
}

static inline uint8_t model_kind(const struct model *m, uint16_t code)
{
    return code < m->cutter.kind_count ? m->kinds[code] : 0;
}

#endif
