/* A sentence's score is the sum over its hits and its title's, plus the label's bias; a paragraph's
 * is its best sentence's, a share of the others', and what its words count wherever they stand.
 * civictag/model/pure_python.py is the definition.
 */
#include "score.h"
#include "memory.h"

#include <math.h>
#include <string.h>

enum { MANY = 5 }; /* labels whose sums are kept in registers */

bool workspace_init(struct workspace *w, const struct model *m)
{
    w->sums = calloc(m->labels, sizeof *w->sums);
    w->title_sums = calloc(m->labels, sizeof *w->title_sums);
    w->best = calloc(m->labels, sizeof *w->best);
    w->whole = calloc(m->labels, sizeof *w->whole);
    return w->sums && w->title_sums && w->best && w->whole && analysis_init(&w->analysis, m) &&
           analysis_init(&w->title_analysis, m);
}

void workspace_free(struct workspace *w)
{
    paragraph_free(&w->paragraph);
    paragraph_free(&w->title);
    block_free(&w->block);
    analysis_free(&w->analysis);
    analysis_free(&w->title_analysis);
    free(w->sums);
    free(w->title_sums);
    free(w->best);
    free(w->whole);
    free(w->totals);
    free(w->weights);
    free(w->pieces);
}

/* Add what rows from `first_row` on weigh for `many` labels from `label` on. `many` is written out where this is
 * called, so that the sums stay in registers. */
static inline void add_labels(const struct hit *hits, size_t count, const float *weights, size_t first_row,
                              size_t labels, size_t label, size_t many, double *sums)
{
    double sum[MANY];
    for (size_t i = 0; i < many; i++)
        sum[i] = sums[label + i];
    for (const struct hit *hit = hits; hit < hits + count; hit++) {
        const float *w;
        if (hit->row < first_row)
            continue;
        w = weights + ((size_t)hit->row - first_row) * labels + label;
        for (size_t i = 0; i < many; i++)
            sum[i] += hit->share * w[i];
    }
    for (size_t i = 0; i < many; i++)
        sums[label + i] = sum[i];
}

/* The same for all labels, some at a time. Each label's numbers are added in the order of the hits. */
static void add_up(const struct hit *hits, size_t count, const float *weights, size_t first_row, size_t labels,
                   double *sums)
{
    size_t label = 0;
    for (; label + MANY <= labels; label += MANY)
        add_labels(hits, count, weights, first_row, labels, label, MANY, sums);
    if (label + 3 <= labels) {
        add_labels(hits, count, weights, first_row, labels, label, 3, sums);
        label += 3;
    }
    for (; label < labels; label++)
        add_labels(hits, count, weights, first_row, labels, label, 1, sums);
}

bool score_title(struct workspace *w, const struct model *m)
{
    struct analysis *a = &w->title_analysis;
    paragraph_fold(&w->title, m->cutter.words);
    if (!paragraph_cut(&w->title, &w->block, &m->cutter) || !analyse_title(a, m, &w->title))
        return false;
    memset(w->title_sums, 0, m->labels * sizeof *w->title_sums);
    add_up(a->hits, a->hit_count, m->weights, 0, m->labels, w->title_sums);
    return true;
}

static void score_sentence(struct workspace *w, const struct model *m, const struct sentence *s)
{
    const struct hit *hits = w->analysis.hits;
    for (size_t label = 0; label < m->labels; label++)
        w->sums[label] = m->biases[label] + w->title_sums[label];
    add_up(hits + s->first, s->last - s->first, m->weights, 0, m->labels, w->sums);
}

/* best + other_sentences_weight * sum(other + offset) + whole. */
static void pool(struct workspace *w, const struct model *m, double *scores)
{
    size_t sentences = w->analysis.sentence_count;
    for (size_t label = 0; label < m->labels; label++) {
        double others = scores[label] - w->best[label] + m->offsets[label] * ((double)sentences - 1.0);
        double pooled = w->best[label] + m->other_sentences_weight * others + w->whole[label];
        scores[label] = sentences ? pooled : m->biases[label];
    }
}

static void add_whole(struct workspace *w, const struct model *m, const struct sentence *s)
{
    const struct hit *hits = w->analysis.hits;
    add_up(hits + s->first, s->last - s->first, m->paragraph, m->paragraph_first, m->labels, w->whole);
}

static void clear(struct workspace *w, const struct model *m, double *scores)
{
    for (size_t label = 0; label < m->labels; label++) {
        scores[label] = w->whole[label] = 0.0;
        w->best[label] = -INFINITY;
    }
}

bool score_paragraph(struct workspace *w, const struct model *m, bool keep, double *scores)
{
    struct analysis *a = &w->analysis;
    size_t word = 0;
    paragraph_fold(&w->paragraph, m->cutter.words);
    if (!paragraph_cut(&w->paragraph, &w->block, &m->cutter) || !begin_paragraph(a, m, &w->paragraph))
        return false;
    clear(w, m, scores);
    for (size_t i = 0; i < a->sentence_count; i++) {
        if (!keep)
            a->hit_count = 0; /* those of the sentence before are counted */
        if (!analyse_sentence(a, m, &w->paragraph, i, &word))
            return false;
        score_sentence(w, m, &a->sentences[i]);
        add_whole(w, m, &a->sentences[i]);
        for (size_t label = 0; label < m->labels; label++) {
            scores[label] += w->sums[label];
            w->best[label] = fmax(w->best[label], w->sums[label]);
        }
    }
    pool(w, m, scores);
    return true;
}
