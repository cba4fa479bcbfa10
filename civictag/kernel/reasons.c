/* Why a raw score is what it is; civictag/model/attribution.py and civictag/model/scorer.py are the definition.
 *
 * Every hit gives its weight in equal parts to the characters it covers; neighbouring words of one
 * sign make a piece. Pieces do not overlap, and with what is outside the text they add up to the score.
 */
#include "memory.h"
#include "score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct workspace *w)
{
    bool ok = true;
    if (w->paragraph.length > w->weight_room) {
        w->weights = regrow(w->weights, roomy(w->paragraph.length), sizeof *w->weights, &ok);
        w->weight_room = ok ? roomy(w->paragraph.length) : w->weight_room;
    }
    if (w->analysis.sentence_count > w->total_room) {
        w->totals = regrow(w->totals, roomy(w->analysis.sentence_count), sizeof *w->totals, &ok);
        w->total_room = ok ? roomy(w->analysis.sentence_count) : w->total_room;
    }
    return ok;
}

static double weight_of(const struct model *m, const struct hit *hit, size_t label)
{
    return hit->share * m->weights[(size_t)hit->row * m->labels + label];
}

static double whole_weight_of(const struct model *m, const struct hit *hit, size_t label)
{
    const float *weights = paragraph_weights(m, hit->row);
    return weights ? hit->share * weights[label] : 0.0;
}

/* Each sentence's sum, and which is the best (of equals the first). */
static size_t sum_sentences(struct workspace *w, const struct model *m, size_t label)
{
    const struct analysis *a = &w->analysis;
    size_t best = 0;
    for (size_t i = 0; i < a->sentence_count; i++) {
        w->totals[i] = 0.0;
        for (size_t h = a->sentences[i].first; h < a->sentences[i].last; h++)
            w->totals[i] += weight_of(m, &a->hits[h], label);
        if (w->totals[i] > w->totals[best])
            best = i;
    }
    return best;
}

static void spread(struct workspace *w, const struct model *m, size_t label, size_t best)
{
    const struct analysis *a = &w->analysis;
    memset(w->weights, 0, w->paragraph.length * sizeof *w->weights);
    for (size_t i = 0; i < a->sentence_count; i++) {
        double part = i == best ? 1.0 : m->other_sentences_weight;
        for (size_t h = a->sentences[i].first; h < a->sentences[i].last; h++) {
            const struct hit *hit = &a->hits[h];
            double weight = weight_of(m, hit, label) * part + whole_weight_of(m, hit, label);
            double share = weight / (hit->end - hit->start);
            for (uint32_t at = hit->start; at < hit->end; at++)
                w->weights[at] += share;
        }
    }
}

/* What no piece of the text accounts for: bias and title, and the pool's constant. */
static double rest(const struct workspace *w, const struct model *m, size_t label)
{
    size_t sentences = w->analysis.sentence_count;
    double fixed = m->biases[label] + w->title_sums[label];
    if (sentences == 0)
        return m->biases[label];
    return fixed + m->other_sentences_weight * (double)(sentences - 1) * (fixed + m->offsets[label]);
}

static bool add_piece(struct workspace *w, size_t start, size_t end, double weight)
{
    const uint32_t *offsets = w->paragraph.offsets;
    void *pieces;
    if (weight == 0.0)
        return true;
    pieces = one_more(w->pieces, w->piece_count, &w->piece_room, sizeof *w->pieces);
    if (pieces == NULL)
        return false;
    w->pieces = pieces;
    w->pieces[w->piece_count++] = (struct piece){offsets[start], offsets[end - 1] + 1, weight};
    return true;
}

static int sign(double weight) { return (weight > 0) - (weight < 0); }

/* Neighbouring words of one sign and one sentence become a piece. */
static bool merge(struct workspace *w)
{
    const struct paragraph *p = &w->paragraph;
    const struct sentence *next = w->analysis.sentences, *end = next + w->analysis.sentence_count;
    size_t start = 0, first = 0;
    double total = 0.0;
    for (size_t word = 0; word < p->words; first = p->ends[word++]) {
        double weight = 0.0;
        bool begins = next < end && next->start == first;
        for (size_t at = first; at < p->ends[word]; at++)
            weight += w->weights[at];
        next += begins;
        if (begins || sign(weight) != sign(total)) {
            if (!add_piece(w, start, first, total))
                return false;
            start = first;
            total = 0.0;
        }
        total += weight;
    }
    return add_piece(w, start, p->length, total);
}

static int by_strength(const void *one, const void *other)
{
    const struct piece *a = one, *b = other;
    double difference = fabs(b->weight) - fabs(a->weight);
    if (difference != 0.0)
        return sign(difference);
    return (a->start > b->start) - (a->start < b->start);
}

bool explain(struct workspace *w, const struct model *m, size_t label, double *outside)
{
    w->piece_count = 0;
    if (!reserve(w))
        return false;
    if (w->analysis.sentence_count > 0)
        spread(w, m, label, sum_sentences(w, m, label));
    *outside = rest(w, m, label);
    if (!merge(w))
        return false;
    if (w->piece_count > 1)
        qsort(w->pieces, w->piece_count, sizeof *w->pieces, by_strength);
    return true;
}
