/* Sentences, and what is known of each. civictag/text/sentences.py and civictag/features/extract.py are the
 * definition; names are rows here, and unknown names are no features.
 */
#include "families.h"
#include "memory.h"

#include <math.h>
#include <string.h>

bool analysis_init(struct analysis *a, const struct model *m)
{
    struct clause *c = &a->clause;
    a->counts = calloc(m->rows + 1, sizeof *a->counts);
    c->latest = calloc((size_t)m->settings.places + 1, sizeof *c->latest);
    c->barred_to = calloc((size_t)m->settings.classes + 1, sizeof *c->barred_to);
    c->first = calloc((size_t)m->settings.classes + 1, sizeof *c->first);
    c->hit_classes = calloc((size_t)m->settings.classes + 1, sizeof *c->hit_classes);
    return a->counts && c->latest && c->barred_to && c->first && c->hit_classes;
}

void analysis_free(struct analysis *a)
{
    struct clause *c = &a->clause;
    free(a->hits);
    free(a->sentences);
    free(a->codes);
    free(a->kinds);
    free(a->marks);
    free(a->counts);
    free(c->found);
    free(c->entries);
    free(c->bars);
    free(c->latest);
    free(c->barred_to);
    free(c->first);
    free(c->hit_classes);
}

bool more_hits(struct analysis *a)
{
    void *hits = one_more(a->hits, a->hit_count, &a->hit_room, sizeof *a->hits);
    if (hits == NULL)
        a->failed = true;
    else
        a->hits = hits;
    return hits != NULL;
}

/* Codes and kinds of `p`'s characters. */
static bool load_codes(struct analysis *a, const struct model *m, const struct paragraph *p)
{
    bool ok = true;
    if (p->length >= a->code_room) {
        size_t room = roomy(p->length);
        a->codes = regrow(a->codes, room, sizeof *a->codes, &ok);
        a->kinds = regrow(a->kinds, room, sizeof *a->kinds, &ok);
        if (!ok)
            return false;
        a->code_room = room;
    }
    for (size_t i = 0; i < p->length; i++) {
        a->codes[i] = lexicon_code(m->tables, p->chars[i]);
        a->kinds[i] = model_kind(m, a->codes[i]);
    }
    return true;
}

static void add_sentence(struct analysis *a, const struct settings *s, size_t start, size_t end)
{
    struct sentence *last = a->sentence_count ? &a->sentences[a->sentence_count - 1] : NULL;
    void *sentences;
    if (last && (end - start < s->sentence_min || last->end - last->start < s->sentence_min)) {
        last->end = (uint32_t)end;
        return;
    }
    sentences = one_more(a->sentences, a->sentence_count, &a->sentence_room, sizeof *a->sentences);
    if (sentences == NULL) {
        a->failed = true;
        return;
    }
    a->sentences = sentences;
    a->sentences[a->sentence_count++] = (struct sentence){(uint32_t)start, (uint32_t)end, 0, 0};
}

static void find_sentences(struct analysis *a, const struct settings *s, size_t length)
{
    size_t start = 0;
    a->sentence_count = 0;
    for (size_t i = 0; i < length; i++) {
        if (!divides(a, i, SENTENCE_END))
            continue;
        while (i + 1 < length && divides(a, i + 1, SENTENCE_END | CLOSER))
            i++;
        add_sentence(a, s, start, i + 1);
        start = i + 1;
    }
    if (start < length)
        add_sentence(a, s, start, length);
}

/* May a row be there twice? Rows that fall together in the sieve count as one. */
static bool may_repeat(struct analysis *a, size_t first, size_t last)
{
    bool found = false;
    if (++a->turn == 0) {
        memset(a->sieve, 0, sizeof a->sieve);
        a->turn = 1;
    }
    for (size_t i = first; i < last; i++) {
        uint16_t *seen = &a->sieve[a->hits[i].row % SIEVE];
        found |= *seen == a->turn;
        *seen = a->turn;
    }
    return found;
}

/* Weigh down what is said often in one sentence: 1 + ln n for n times, in equal shares. Mostly nothing is, and
 * the counts of all rows are more than the near caches hold. */
static void share_hits(struct analysis *a, size_t first, size_t last)
{
    if (!may_repeat(a, first, last))
        return;
    for (size_t i = first; i < last; i++)
        a->counts[a->hits[i].row]++;
    for (size_t i = first; i < last; i++) {
        uint32_t n = a->counts[a->hits[i].row];
        a->hits[i].share = n == 1 ? 1.0 : (1.0 + log(n)) / n;
    }
    for (size_t i = first; i < last; i++)
        a->counts[a->hits[i].row] = 0;
}

static bool begin(struct analysis *a, const struct model *m, const struct paragraph *p)
{
    a->failed = false;
    a->hit_count = a->sentence_count = a->mark_count = a->mark = 0;
    return load_codes(a, m, p);
}

bool begin_paragraph(struct analysis *a, const struct model *m, const struct paragraph *p)
{
    if (!begin(a, m, p))
        return false;
    find_sentences(a, &m->settings, p->length);
    return !a->failed;
}

bool analyse_sentence(struct analysis *a, const struct model *m, const struct paragraph *p, size_t i, size_t *word)
{
    struct sentence *s = &a->sentences[i];
    if (a->mark == a->mark_count && !find_marks(a, m, p, i, *word))
        return false;
    s->first = a->hit_count;
    *word = add_words(a, m, p, m->word_root, *word, s->end);
    add_phrase_hits(a, m, s->start, s->end);
    s->last = a->hit_count;
    share_hits(a, s->first, s->last);
    return !a->failed;
}

bool analyse_paragraph(struct analysis *a, const struct model *m, const struct paragraph *p)
{
    size_t word = 0;
    bool ok = begin_paragraph(a, m, p);
    for (size_t i = 0; ok && i < a->sentence_count; i++)
        ok = analyse_sentence(a, m, p, i, &word);
    return ok;
}

bool analyse_title(struct analysis *a, const struct model *m, const struct paragraph *p)
{
    if (!begin(a, m, p))
        return false;
    add_title_hits(a, m, p);
    for (size_t i = 0; i < a->hit_count; i++)
        a->hits[i].start = a->hits[i].end = 0;
    share_hits(a, 0, a->hit_count);
    return !a->failed;
}
