/* Opening a model: find its tables and check every index in them once. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

/* The slot at which the names of a family begin; 0 when it has none. */
static uint32_t family_root(const struct model *m, uint32_t letter)
{
    const struct trie *trie = &m->tables->trie;
    uint32_t slot = trie_step(trie, 0, (uint16_t)letter);
    return slot ? trie_step(trie, slot, (uint16_t)m->settings.colon) : 0;
}

static bool read_settings(struct model *m)
{
    struct section found = m->tables->sections[SETTINGS];
    struct settings *s = &m->settings;
    if (found.count != sizeof *s / sizeof(uint32_t))
        return false;
    memcpy(s, found.items, sizeof *s);
    return s->char_min >= 1 && s->char_min <= s->char_max && s->char_max <= 16 && s->cue_gap < 1 << 16 &&
           s->longest < 1 << 16 && s->places <= NOWHERE && s->classes < NOWHERE && s->literals < 1 << 20;
}

static bool is_row(const struct model *m, int32_t row) { return row >= -1 && row < (int32_t)m->rows; }

static bool read_classes(struct model *m)
{
    const struct section *found = m->tables->sections;
    size_t classes = m->settings.classes;
    if (found[CLASSES].count != classes * 4 || found[PAIRS].count != classes * classes)
        return false;
    m->classes = found[CLASSES].items;
    m->pairs = found[PAIRS].items;
    for (size_t i = 0; i < classes; i++) {
        const struct class_rows *c = &m->classes[i];
        if (!is_row(m, c->sentence) || !is_row(m, c->title) || c->cancels < -1 || c->cancels >= (int32_t)classes)
            return false;
    }
    for (size_t i = 0; i < classes * classes; i++)
        if (!is_row(m, m->pairs[i]))
            return false;
    return true;
}

static bool is_place(const struct model *m, uint16_t place)
{
    return place == NOWHERE || place < m->settings.places;
}

static bool read_fills(struct model *m)
{
    struct section index = m->tables->sections[FILL_INDEX], fills = m->tables->sections[FILLS];
    size_t count = fills.count / 3;
    m->fill_index = index.items;
    m->fills = fills.items;
    if (index.count != 2 * (size_t)m->settings.literals + 1)
        return false;
    for (size_t i = 0; i < index.count; i++)
        if (m->fill_index[i] > count || (i && m->fill_index[i] < m->fill_index[i - 1]))
            return false;
    for (size_t i = 0; i < count; i++) {
        const struct fill *f = &m->fills[i];
        if (f->cue_class >= m->settings.classes || !is_place(m, f->need) || !is_place(m, f->give))
            return false;
    }
    return true;
}

/* How many rows of weights a buffer holds; more than any model has when it holds a part of one. */
static size_t count_rows(const struct model *m, struct numbers weights)
{
    size_t width = m->labels * sizeof(float);
    return weights.bytes % width == 0 ? weights.bytes / width : SIZE_MAX;
}

static bool read_weights(struct model *m, struct numbers weights, struct numbers paragraph)
{
    size_t last = count_rows(m, paragraph);
    m->rows = count_rows(m, weights);
    if (m->rows >= 1 << 20 || last > m->rows)
        return false;
    m->weights = weights.items;
    m->paragraph = paragraph.items;
    m->paragraph_first = m->rows - last;
    return true;
}

/* What each character divides, as the tables say, and what begins with it: most look-ups end there. */
static bool find_kinds(struct model *m)
{
    struct section marks = m->tables->sections[MARKS];
    size_t count = marks.count <= UINT16_MAX ? marks.count : UINT16_MAX;
    const struct trie *trie = &m->tables->trie;
    m->kinds = malloc(count + 1);
    if (m->kinds == NULL)
        return false;
    for (size_t code = 0; code < count; code++) {
        bool literal = m->literal_root && trie_step(trie, m->literal_root, (uint16_t)code);
        bool user = m->cutter.user_root && trie_step(trie, m->cutter.user_root, (uint16_t)code);
        m->kinds[code] = ((const uint8_t *)marks.items)[code] & 15;
        m->kinds[code] |= (uint8_t)((literal ? LITERAL_BEGIN : 0) | (user ? USER_BEGIN : 0));
    }
    m->cutter.kinds = m->kinds;
    m->cutter.kind_count = count;
    return true;
}

const char *model_open(struct model *m, const struct lexicon *tables, struct numbers weights,
                       struct numbers paragraph)
{
    m->tables = tables;
    if (!read_weights(m, weights, paragraph))
        return "weights that do not fit the labels";
    if (!read_settings(m) || !read_classes(m) || !read_fills(m))
        return "damaged tables";
    m->literal_root = family_root(m, m->settings.literal);
    m->word_root = family_root(m, m->settings.word);
    m->gram_root = family_root(m, m->settings.gram);
    m->title_root = family_root(m, m->settings.title);
    m->cutter.user_root = family_root(m, m->settings.user);
    m->cutter.user = m->cutter.user_root ? tables : NULL;
    return find_kinds(m) ? NULL : "no room in memory";
}
