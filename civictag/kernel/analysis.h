/* What the model sees of a paragraph: its sentences, and in each the known features with their
 * places. civictag/features/extract.py is the definition.
 */
#ifndef CIVICTAG_ANALYSIS_H
#define CIVICTAG_ANALYSIS_H

#include "model.h"

struct hit {
    uint32_t row;        /* of the weights */
    uint32_t start, end; /* in the folded text */
    double share;        /* (1 + ln n) / n, n: how often its sentence has the row */
};

struct sentence {
    uint32_t start, end;
    size_t first, last; /* its hits are hits[first .. last) */
};

struct occurrence { /* of a cue's literal */
    uint32_t start, end, literal;
};

struct entry { /* a beginning of a cue: a place that was reached */
    uint32_t begin, end;
    uint32_t before; /* 1 + the entry for the same place before this one; 0: none */
    uint16_t place;
};

struct bar { /* a hit of a class that cancels others */
    uint32_t start, end;
    uint16_t cue_class;
};

struct first_hit { /* of a class in a clause; end 0: none */
    uint32_t start, end;
};

/* For one clause at a time; cues.c. */
struct clause {
    struct occurrence *found;
    size_t found_count, found_room;
    struct entry *entries;
    size_t entry_count, entry_room;
    struct bar *bars;
    size_t bar_count, bar_room;
    uint32_t *latest;         /* by place: 1 + its last entry; 0: none */
    uint32_t *barred_to;      /* by class: how far its hits bar what begins here */
    struct first_hit *first;  /* by class */
    uint16_t *hit_classes;    /* those with a first hit, in order of class */
    size_t hit_class_count;
};

struct mark {
    uint32_t start;
    uint16_t code; /* 0: no n-gram has it */
    uint32_t pair; /* slot of the n-grams that begin with this mark and the next; 0: none */
};

enum { SIEVE = 4096 };

struct analysis {
    struct hit *hits;
    size_t hit_count, hit_room;
    struct sentence *sentences;
    size_t sentence_count, sentence_room;
    uint16_t *codes;  /* of the paragraph's characters, in the model's tables */
    uint8_t *kinds;   /* of each character: model.kinds */
    size_t code_room;
    struct mark *marks; /* of some sentences: the characters with digit runs as one, then two without a code */
    size_t mark_count, mark_room;
    size_t mark; /* the first one of the next sentence */
    uint32_t *counts; /* by row; all 0 between uses */
    uint16_t sieve[SIEVE], turn; /* by the last bits of a row: the turn in which it was seen last */
    struct clause clause;
    bool failed; /* memory was short */
};

/* Room for everything whose size the model fixes. */
bool analysis_init(struct analysis *a, const struct model *m);
void analysis_free(struct analysis *a);

/* Find sentences and hits of a folded and cut paragraph, or the hits of a title (no sentences).
 * False when memory is short. */
bool analyse_paragraph(struct analysis *a, const struct model *m, const struct paragraph *p);
bool analyse_title(struct analysis *a, const struct model *m, const struct paragraph *p);

/* The same, sentence after sentence, for whoever needs the hits of one at a time only. `word` is where the
 * sentence's words begin, 0 at first; a->hit_count may be set to 0 between. */
bool begin_paragraph(struct analysis *a, const struct model *m, const struct paragraph *p);
bool analyse_sentence(struct analysis *a, const struct model *m, const struct paragraph *p, size_t i, size_t *word);

/* Room for more hits; false (and a->failed) when memory is short. */
bool more_hits(struct analysis *a);

static inline void add_hit(struct analysis *a, uint32_t row, size_t start, size_t end)
{
    if (a->hit_count < a->hit_room || more_hits(a))
        a->hits[a->hit_count++] = (struct hit){row, (uint32_t)start, (uint32_t)end, 1.0};
}

/* cues.c: fill clause.first and clause.hit_classes for the characters [start .. end). */
void match_cues(struct analysis *a, const struct model *m, size_t start, size_t end);

#endif
