/* One sentence's features: words, n-grams, cues. civictag/features/extract.py is the definition. */
#include "families.h"
#include "memory.h"

/* The name that ends at `slot` was seen, if there is such a name. */
static void add_name(struct analysis *a, const struct model *m, uint32_t slot, size_t start, size_t end)
{
    uint32_t row = trie_value(&m->tables->trie, slot) - 1;
    if (row >= m->rows)
        return;
    read_soon(m->weights + (size_t)row * m->labels);
    add_hit(a, row, start, end);
}

static bool is_digit(uint32_t c) { return c - '0' < 10; }

/* A number: digits, with points and per cent signs. */
static bool is_number(const uint32_t *chars, size_t start, size_t end)
{
    bool digits = false;
    for (size_t i = start; i < end; i++) {
        if (!is_digit(chars[i]) && chars[i] != '.' && chars[i] != '%')
            return false;
        digits = digits || is_digit(chars[i]);
    }
    return digits;
}

static uint32_t find_name(const struct trie *trie, uint32_t slot, const uint16_t *codes, size_t length)
{
    for (size_t i = 0; i < length && slot != 0; i++)
        slot = trie_step(trie, slot, codes[i]);
    return slot;
}

/* The word [start .. end), in the family of names that begins at `root`. */
static void add_word(struct analysis *a, const struct model *m, const struct paragraph *p, uint32_t root,
                     size_t start, size_t end)
{
    const struct trie *trie = &m->tables->trie;
    uint32_t slot = is_number(p->chars, start, end)
                        ? trie_step(trie, root, (uint16_t)m->settings.zero)
                        : find_name(trie, root, a->codes + start, end - start);
    if (slot != 0)
        add_name(a, m, slot, start, end);
}

size_t add_words(struct analysis *a, const struct model *m, const struct paragraph *p, uint32_t root,
                 size_t word, size_t end)
{
    for (; word < p->words; word++) {
        size_t start = word ? p->ends[word - 1] : 0;
        if (start >= end)
            break;
        if (root != 0)
            add_word(a, m, p, root, start, p->ends[word]);
    }
    return word;
}

/* Where the marks of the phrase [start .. end) begin, its end last; a run of digits and points is
 * one mark. Returns the number of marks. */
static size_t find_marks(struct analysis *a, const struct paragraph *p, size_t start, size_t end)
{
    size_t count = 0;
    bool number = false;
    for (size_t i = start; i < end; i++) {
        bool goes_on = number && p->chars[i] == '.';
        if (!number || !(goes_on || is_digit(p->chars[i])))
            a->marks[count++] = (uint32_t)i;
        number = goes_on || is_digit(p->chars[i]);
    }
    a->marks[count] = (uint32_t)end;
    return count;
}

static uint16_t mark_code(const struct analysis *a, const struct model *m, const struct paragraph *p, size_t i)
{
    return is_digit(p->chars[i]) ? (uint16_t)m->settings.zero : a->codes[i];
}

static void add_grams(struct analysis *a, const struct model *m, const struct paragraph *p, size_t start,
                      size_t end)
{
    size_t count = find_marks(a, p, start, end);
    for (size_t i = 0; i < count; i++) {
        uint32_t slot = m->gram_root;
        for (size_t size = 1; size <= m->settings.char_max && i + size <= count; size++) {
            slot = trie_step(&m->tables->trie, slot, mark_code(a, m, p, a->marks[i + size - 1]));
            if (slot == 0)
                break;
            if (size >= m->settings.char_min)
                add_name(a, m, slot, a->marks[i], a->marks[i + size]);
        }
    }
}

static void add_class(struct analysis *a, const struct model *m, uint16_t cue_class)
{
    struct first_hit at = a->clause.first[cue_class];
    int32_t row = m->classes[cue_class].sentence;
    if (row >= 0)
        add_hit(a, (uint32_t)row, at.start, at.end);
}

static void add_pairs(struct analysis *a, const struct model *m, uint16_t one)
{
    const struct clause *c = &a->clause;
    struct first_hit at = c->first[one];
    const int32_t *rows = m->pairs + (size_t)one * m->settings.classes;
    for (size_t i = 0; i < c->hit_class_count; i++)
        if (rows[c->hit_classes[i]] >= 0)
            add_hit(a, (uint32_t)rows[c->hit_classes[i]], at.start, at.end);
}

static void add_clause(struct analysis *a, const struct model *m, size_t start, size_t end)
{
    match_cues(a, m, start, end);
    for (size_t i = 0; i < a->clause.hit_class_count; i++)
        add_class(a, m, a->clause.hit_classes[i]);
    for (size_t i = 0; i < a->clause.hit_class_count; i++)
        add_pairs(a, m, a->clause.hit_classes[i]);
}

static void add_title_clause(struct analysis *a, const struct model *m, size_t start, size_t end)
{
    match_cues(a, m, start, end);
    for (size_t i = 0; i < a->clause.hit_class_count; i++) {
        int32_t row = m->classes[a->clause.hit_classes[i]].title;
        if (row >= 0)
            add_hit(a, (uint32_t)row, 0, 0);
    }
}

/* The end of the run that begins at `start` and holds no character that divides; at most `end`. */
static size_t run_end(const struct analysis *a, const struct model *m, size_t start, size_t end, uint8_t marks)
{
    while (start < end && !divides(a, m, start, marks))
        start++;
    return start;
}

void add_phrase_hits(struct analysis *a, const struct model *m, const struct paragraph *p, size_t start,
                     size_t end)
{
    for (size_t i = start, stop; i < end && m->gram_root; i = stop + 1) {
        stop = run_end(a, m, i, end, GRAM_BREAK);
        add_grams(a, m, p, i, stop);
    }
    for (size_t i = start, stop; i < end; i = stop + 1) {
        stop = run_end(a, m, i, end, CLAUSE_BREAK);
        add_clause(a, m, i, stop);
    }
}

void add_title_hits(struct analysis *a, const struct model *m, const struct paragraph *p)
{
    add_words(a, m, p, m->title_root, 0, p->length);
    for (size_t i = 0, stop; i < p->length; i = stop + 1) {
        stop = run_end(a, m, i, p->length, CLAUSE_BREAK);
        add_title_clause(a, m, i, stop);
    }
}
