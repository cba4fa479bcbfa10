/* One sentence's features: words, n-grams, cues. civictag/features/extract.py is the definition. */
#include "families.h"
#include "memory.h"

/* The name that ends at `slot` was seen, if there is such a name. */
static inline void add_name(struct analysis *a, const struct model *m, uint32_t slot, size_t start, size_t end)
{
    uint32_t row = trie_value(&m->tables->trie, slot) - 1;
    if (row >= m->rows)
        return;
    read_soon(m->weights + (size_t)row * m->labels);
    if (row >= m->paragraph_first)
        read_soon(m->paragraph + (row - m->paragraph_first) * m->labels);
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

/* The name at `root` that begins with characters `i` and `i` + 1 is looked up soon. */
static void look_soon(const struct analysis *a, const struct model *m, uint32_t root, size_t i)
{
    const struct trie *trie = &m->tables->trie;
    trie_soon(trie, trie_step(trie, root, a->codes[i]), a->codes[i + 1]);
}

/* As in route.c: the reads that miss the cache in a loop of their own. */
static void find_pairs(struct analysis *a, const struct model *m)
{
    const struct trie *trie = &m->tables->trie;
    for (size_t i = 0; i < a->mark_count; i++) {
        uint32_t slot = trie_step(trie, m->gram_root, a->marks[i].code);
        uint32_t next = trie_step(trie, slot, a->marks[i + 1].code);
        a->marks[i].pair = slot ? next : 0;
        trie_soon(trie, next, a->marks[i + 2].code);
    }
}

/* The marks of [start .. end): a run of digits and points is one, and what no n-gram crosses has no code. */
static void add_marks(struct analysis *a, const struct model *m, const struct paragraph *p, size_t start, size_t end)
{
    bool number = false;
    a->mark_count = a->mark = 0;
    for (size_t i = start; i < end; i++) {
        bool digit = is_digit(p->chars[i]);
        bool stops = (a->kinds[i] & GRAM_BREAK) != 0;
        bool goes_on = number && !stops && (digit || p->chars[i] == '.');
        uint16_t code = digit ? (uint16_t)m->settings.zero : a->codes[i];
        number = goes_on || (digit && !stops);
        a->marks[a->mark_count] = (struct mark){(uint32_t)i, stops ? 0 : code, 0};
        a->mark_count += !goes_on;
        if (a->kinds[i] & LITERAL_BEGIN && i + 1 < end)
            look_soon(a, m, m->literal_root, i);
    }
    a->marks[a->mark_count] = a->marks[a->mark_count + 1] = (struct mark){(uint32_t)end, 0, 0};
}

bool find_marks(struct analysis *a, const struct model *m, const struct paragraph *p, size_t i, size_t word)
{
    size_t start = a->sentences[i].start, end = a->sentences[i].end;
    bool ok = true;
    while (++i < a->sentence_count && a->sentences[i].end - start <= TOGETHER)
        end = a->sentences[i].end;
    if (end - start + 2 > a->mark_room) {
        a->marks = regrow(a->marks, roomy(end - start + 2), sizeof *a->marks, &ok);
        if (!ok)
            return false;
        a->mark_room = roomy(end - start + 2);
    }
    add_marks(a, m, p, start, end);
    find_pairs(a, m);
    for (; word < p->words && p->ends[word] < end; word++)
        look_soon(a, m, m->word_root, word ? p->ends[word - 1] : 0);
    return true;
}

/* N-grams that begin before `end`; none crosses it, for what ends a sentence has no code. */
static void add_grams(struct analysis *a, const struct model *m, size_t end)
{
    const struct trie *trie = &m->tables->trie;
    size_t longest = m->settings.char_max, shortest = m->settings.char_min;
    for (; a->mark < a->mark_count && a->marks[a->mark].start < end; a->mark++) {
        const struct mark *first = a->marks + a->mark;
        uint32_t slot = first->pair;
        if (shortest == 1)
            add_name(a, m, trie_step(trie, m->gram_root, first->code), first->start, first[1].start);
        for (size_t size = 2; size <= longest && slot != 0; size++) {
            if (size >= shortest)
                add_name(a, m, slot, first->start, first[size].start);
            slot = size < longest ? trie_step(trie, slot, first[size].code) : 0; /* the last mark's is 0 */
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
static size_t run_end(const struct analysis *a, size_t start, size_t end, uint8_t marks)
{
    while (start < end && !divides(a, start, marks))
        start++;
    return start;
}

void add_phrase_hits(struct analysis *a, const struct model *m, size_t start, size_t end)
{
    if (m->gram_root)
        add_grams(a, m, end);
    for (size_t i = start, stop; i < end; i = stop + 1) {
        stop = run_end(a, i, end, CLAUSE_BREAK);
        add_clause(a, m, i, stop);
    }
}

void add_title_hits(struct analysis *a, const struct model *m, const struct paragraph *p)
{
    add_words(a, m, p, m->title_root, 0, p->length);
    for (size_t i = 0, stop; i < p->length; i = stop + 1) {
        stop = run_end(a, i, p->length, CLAUSE_BREAK);
        add_title_clause(a, m, i, stop);
    }
}
