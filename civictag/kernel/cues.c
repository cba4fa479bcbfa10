/* The cues of one clause; civictag/labels/cue_matcher.py is the definition, civictag/model/compile_tables.py tells
 * the tables.
 *
 * Each literal is looked up once. Its fills begin patterns, go on with them or complete them;
 * cancelling classes go first, and what their hits cover is barred for the classes they cancel.
 */
#include "analysis.h"
#include "memory.h"

static void add_occurrence(struct analysis *a, size_t start, size_t end, uint32_t literal)
{
    struct clause *c = &a->clause;
    void *found = one_more(c->found, c->found_count, &c->found_room, sizeof *c->found);
    if (found == NULL) {
        a->failed = true;
        return;
    }
    c->found = found;
    c->found[c->found_count++] = (struct occurrence){(uint32_t)start, (uint32_t)end, literal};
}

/* All literals between `start` and `end`, by where they begin, short ones first. */
static void find_literals(struct analysis *a, const struct model *m, size_t start, size_t end)
{
    const struct trie *trie = &m->tables->trie;
    for (size_t from = start; from < end; from++) {
        uint32_t slot = m->literal_root;
        if (!(a->kinds[from] & LITERAL_BEGIN))
            continue;
        for (size_t i = from; i < end; i++) {
            slot = trie_step(trie, slot, a->codes[i]);
            if (slot == 0)
                break;
            if (trie_value(trie, slot) - 1 < m->settings.literals)
                add_occurrence(a, from, i + 1, trie_value(trie, slot) - 1);
        }
    }
}

static void reach(struct analysis *a, uint16_t place, uint32_t begin, uint32_t end)
{
    struct clause *c = &a->clause;
    void *entries = one_more(c->entries, c->entry_count, &c->entry_room, sizeof *c->entries);
    if (entries == NULL) {
        a->failed = true;
        return;
    }
    c->entries = entries;
    c->entries[c->entry_count++] = (struct entry){begin, end, c->latest[place], place};
    c->latest[place] = (uint32_t)c->entry_count;
}

/* Where the pattern began that goes on at `start` from `place`, by its latest entry. */
static bool goes_on(const struct clause *c, const struct settings *s, uint16_t place, uint32_t start,
                    uint32_t *begin)
{
    for (uint32_t number = c->latest[place]; number != 0;) {
        const struct entry *e = &c->entries[number - 1];
        if (start >= e->end && start - e->end <= s->cue_gap) {
            *begin = e->begin;
            return true;
        }
        /* Entries are in order of where their last literal begins, so those before this one end at
         * most a literal's length after it. */
        if (start > e->end + s->cue_gap + s->longest)
            return false;
        number = e->before;
    }
    return false;
}

/* Bars are kept in order of their start; they come nearly so. */
static void add_bar(struct analysis *a, struct bar bar)
{
    struct clause *c = &a->clause;
    void *bars = one_more(c->bars, c->bar_count, &c->bar_room, sizeof *c->bars);
    size_t at;
    if (bars == NULL) {
        a->failed = true;
        return;
    }
    c->bars = bars;
    for (at = c->bar_count++; at > 0 && c->bars[at - 1].start > bar.start; at--)
        c->bars[at] = c->bars[at - 1];
    c->bars[at] = bar;
}

static void complete(struct analysis *a, const struct model *m, uint16_t cue_class, uint32_t begin, uint32_t end)
{
    struct clause *c = &a->clause;
    if (m->classes[cue_class].counter)
        add_bar(a, (struct bar){begin, end, cue_class});
    if (c->first[cue_class].end != 0)
        return;
    c->first[cue_class] = (struct first_hit){begin, end};
    c->hit_classes[c->hit_class_count++] = cue_class;
}

static void apply(struct analysis *a, const struct model *m, struct fill f, struct occurrence o)
{
    struct clause *c = &a->clause;
    int32_t cancels = m->classes[f.cue_class].cancels;
    uint32_t begin = o.start;
    if (cancels >= 0 && c->barred_to[cancels] >= o.end)
        return;
    if (f.need != NOWHERE && !goes_on(c, &m->settings, f.need, o.start, &begin))
        return;
    if (f.give == NOWHERE)
        complete(a, m, f.cue_class, begin, o.end);
    else
        reach(a, f.give, begin, o.end);
}

/* One pass over the literals: `counters` says whether with the fills of cancelling classes. */
static void join(struct analysis *a, const struct model *m, bool counters)
{
    struct clause *c = &a->clause;
    size_t bar = 0, bars = counters ? 0 : c->bar_count;
    for (size_t i = 0; i < c->found_count; i++) {
        struct occurrence o = c->found[i];
        const uint32_t *range = &m->fill_index[2 * o.literal + !counters];
        for (; bar < bars && c->bars[bar].start <= o.start; bar++)
            if (c->barred_to[c->bars[bar].cue_class] < c->bars[bar].end)
                c->barred_to[c->bars[bar].cue_class] = c->bars[bar].end;
        for (uint32_t f = range[0]; f < range[1]; f++)
            apply(a, m, m->fills[f], o);
    }
}

static void forget(struct clause *c)
{
    for (size_t i = 0; i < c->entry_count; i++)
        c->latest[c->entries[i].place] = 0;
    for (size_t i = 0; i < c->bar_count; i++)
        c->barred_to[c->bars[i].cue_class] = 0;
    for (size_t i = 0; i < c->hit_class_count; i++)
        c->first[c->hit_classes[i]].end = 0;
    c->found_count = c->entry_count = c->bar_count = c->hit_class_count = 0;
}

static void sort_classes(struct clause *c)
{
    for (size_t i = 1; i < c->hit_class_count; i++) {
        uint16_t moved = c->hit_classes[i];
        size_t at = i;
        for (; at > 0 && c->hit_classes[at - 1] > moved; at--)
            c->hit_classes[at] = c->hit_classes[at - 1];
        c->hit_classes[at] = moved;
    }
}

void match_cues(struct analysis *a, const struct model *m, size_t start, size_t end)
{
    forget(&a->clause);
    if (m->literal_root == 0)
        return;
    find_literals(a, m, start, end);
    join(a, m, true);
    join(a, m, false);
    sort_classes(&a->clause);
}
