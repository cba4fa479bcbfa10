/* From hits to raw scores, and from raw scores back to the text. */
#ifndef CIVICTAG_SCORE_H
#define CIVICTAG_SCORE_H

#include "analysis.h"

/* Memory for one paragraph after the other. */
struct workspace {
    struct paragraph paragraph, title;
    struct block block;
    struct analysis analysis, title_analysis;
    double *sums;       /* [labels]: of a sentence */
    double *title_sums; /* [labels] */
    double *best;       /* [labels]: highest sentence */
    double *whole;      /* [labels]: what rows count wherever they stand */
    double *totals;     /* by sentence, for one label; reasons.c */
    size_t total_room;
    double *weights;    /* by character, for one label; reasons.c */
    size_t weight_room;
    struct piece *pieces;
    size_t piece_count, piece_room;
};

/* A piece of the text and its part of a raw score. Offsets are into the text before folding. */
struct piece {
    uint32_t start, end;
    double weight;
};

bool workspace_init(struct workspace *w, const struct model *m);
void workspace_free(struct workspace *w);

/* w->title holds a title's characters: fold, cut and weigh it. False when memory is short. */
bool score_title(struct workspace *w, const struct model *m);
/* The same with w->paragraph; then its raw scores go to scores[labels]. Its hits are there afterwards if they
 * are to be kept: a row of 64 MiB has a gigabyte of them. */
bool score_paragraph(struct workspace *w, const struct model *m, bool keep, double *scores);

/* After score_paragraph that kept its hits: w->pieces, strongest first, whose weights and *outside add up to the raw
 * score of `label`. False when memory is short. */
bool explain(struct workspace *w, const struct model *m, size_t label, double *outside);

#endif
