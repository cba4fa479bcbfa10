/* A sentence's score is the sum over its hits and its title's, plus the label's bias; a paragraph's
 * is its best sentence's and a share of the others'. civictag/model/scorer.py is the definition.
 */
#include "score.h"
#include "memory.h"

#include <math.h>
#include <string.h>

bool workspace_init(struct workspace *w, const struct model *m)
{
    w->sums = calloc(m->labels, sizeof *w->sums);
    w->title_sums = calloc(m->labels, sizeof *w->title_sums);
    w->best = calloc(m->labels, sizeof *w->best);
    return w->sums && w->title_sums && w->best && analysis_init(&w->analysis, m) &&
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
    free(w->totals);
    free(w->weights);
    free(w->pieces);
}

static void add_up(const struct model *m, const struct hit *hit, const struct hit *end, double *sums)
{
    for (; hit < end; hit++) {
        const float *weights = m->weights + (size_t)hit->row * m->labels;
        for (size_t label = 0; label < m->labels; label++)
            sums[label] += hit->share * weights[label];
    }
}

bool score_title(struct workspace *w, const struct model *m)
{
    struct analysis *a = &w->title_analysis;
    paragraph_fold(&w->title, m->cutter.words);
    if (!paragraph_cut(&w->title, &w->block, &m->cutter) || !analyse_title(a, m, &w->title))
        return false;
    memset(w->title_sums, 0, m->labels * sizeof *w->title_sums);
    add_up(m, a->hits, a->hits + a->hit_count, w->title_sums);
    return true;
}

static void score_sentence(struct workspace *w, const struct model *m, const struct sentence *s)
{
    const struct hit *hits = w->analysis.hits;
    for (size_t label = 0; label < m->labels; label++)
        w->sums[label] = m->biases[label] + w->title_sums[label];
    add_up(m, hits + s->first, hits + s->last, w->sums);
}

/* best + company * sum(other + 1): a sentence at -1, the far side of the margin, adds nothing. */
static void pool(struct workspace *w, const struct model *m, double *scores)
{
    size_t sentences = w->analysis.sentence_count;
    for (size_t label = 0; label < m->labels; label++) {
        double others = scores[label] + (double)sentences - (w->best[label] + 1.0);
        scores[label] = sentences ? w->best[label] + m->company * others : m->biases[label];
    }
}

bool score_paragraph(struct workspace *w, const struct model *m, double *scores)
{
    const struct analysis *a = &w->analysis;
    paragraph_fold(&w->paragraph, m->cutter.words);
    if (!paragraph_cut(&w->paragraph, &w->block, &m->cutter) ||
        !analyse_paragraph(&w->analysis, m, &w->paragraph))
        return false;
    for (size_t label = 0; label < m->labels; label++) {
        scores[label] = 0.0;
        w->best[label] = -INFINITY;
    }
    for (size_t i = 0; i < a->sentence_count; i++) {
        score_sentence(w, m, &a->sentences[i]);
        for (size_t label = 0; label < m->labels; label++) {
            scores[label] += w->sums[label];
            w->best[label] = fmax(w->best[label], w->sums[label]);
        }
    }
    pool(w, m, scores);
    return true;
}
