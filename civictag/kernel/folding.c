/* Folding: civictag/text/normalize.py says what it means, civictag/text/pure_normalize.py how, in Python.
 *
 * Works in place: white space or a dropped character always pays for a space put in, so the
 * writing end never overtakes the reading end.
 */
#include "lexicon.h"
#include "paragraph.h"

enum { STOP = 0x3002 /* 。 */, DASH = 0x2014 /* — */, ELLIPSIS = 0x2026 /* … */ };

struct folder {
    uint32_t *chars;
    uint32_t *offsets;
    size_t length; /* of the source */
    size_t count;  /* of what is written */
    size_t run;    /* length of the unbroken row of ASCII letters and digits written last */
    bool space;    /* white space since the last character kept */
};

static bool is_digit(uint32_t c) { return c - '0' < 10; }

static bool is_ascii_word(uint32_t c) { return is_digit(c) || (c | 0x20) - 'a' < 26; }

/* The next character that is kept (0: none), and whether white space comes before it. */
static uint32_t peek(const struct folder *f, size_t place, bool *spaced)
{
    *spaced = false;
    for (size_t i = place + 1; i < f->length; i++) {
        if (f->chars[i] == FOLD_SPACE)
            *spaced = true;
        else if (f->chars[i] != FOLD_DROP)
            return f->chars[i];
    }
    return 0;
}

/* A point inside 3.5 or gov.cn, not a full stop; also in "3 . 5", spaced throughout. */
static bool is_inner(const struct folder *f, uint32_t last, size_t place)
{
    bool spaced;
    uint32_t next;
    if (!is_ascii_word(last))
        return false;
    next = peek(f, place, &spaced);
    if (!is_ascii_word(next) || spaced != f->space)
        return false;
    return !spaced || (is_digit(last) && is_digit(next));
}

/* What two marks in a row become, 0 when they stay two. */
static uint32_t merged(uint32_t last, uint32_t c)
{
    if (c == STOP && (last == STOP || last == ELLIPSIS))
        return ELLIPSIS;
    if (c == '-' && (last == '-' || last == DASH))
        return DASH;
    return c == last && (c == ELLIPSIS || c == DASH) ? c : 0;
}

static void put(struct folder *f, uint32_t c, size_t place)
{
    f->offsets[f->count] = (uint32_t)place;
    f->chars[f->count++] = c;
}

/* Between ASCII words a space stays; not in "2 0 2 4 年", where every character is spaced. */
static void separate(struct folder *f, size_t place)
{
    bool spaced;
    uint32_t next = peek(f, place, &spaced);
    if (f->run > 1 || (!spaced && is_ascii_word(next)))
        put(f, ' ', place - 1);
    f->run = 0;
}

static void add(struct folder *f, uint32_t c, size_t place)
{
    uint32_t last = f->count ? f->chars[f->count - 1] : 0;
    bool word = is_ascii_word(c);
    if (c == '.' && !is_inner(f, last, place))
        c = STOP;
    if (!word && merged(last, c)) {
        f->chars[f->count - 1] = merged(last, c);
        return;
    }
    if (f->space && word && is_ascii_word(last))
        separate(f, place);
    f->run = word ? f->run + 1 : 0;
    put(f, c, place);
}

void paragraph_fold(struct paragraph *p, const struct lexicon *lex)
{
    struct folder f = {p->chars, p->offsets, p->length, 0, 0, false};
    for (size_t i = 0; i < p->length; i++)
        p->chars[i] = lexicon_fold(lex, p->chars[i]);
    for (size_t i = 0; i < p->length; i++) {
        uint32_t c = p->chars[i];
        if (c > STOP && c != FOLD_DROP) { /* nothing happens between such a character and its neighbours */
            f.run = 0;
            f.space = false;
            put(&f, c, i);
        } else if (c == FOLD_SPACE) {
            f.space = true;
        } else if (c != FOLD_DROP) {
            add(&f, c, i);
            f.space = false;
        }
    }
    p->length = f.count;
}
