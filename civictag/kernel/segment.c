/* From paragraph to blocks, from blocks to words. civictag/text/pure_tokenizer.py tells the same in Python. */
#include "segment.h"

#include "memory.h"

/* jieba's re_han_default: [\u4E00-\u9FD5a-zA-Z0-9+#&._%\-] */
static bool is_word_char(uint32_t c)
{
    switch (c) {
    case '+': case '#': case '&': case '.': case '_': case '%': case '-':
        return true;
    default:
        return is_han(c) || is_latin(c);
    }
}

static bool block_reserve(struct block *b, size_t length)
{
    size_t room = roomy(length);
    bool ok = true;
    if (length < b->capacity)
        return true;
    b->codes = regrow(b->codes, room, sizeof *b->codes, &ok);
    b->pairs = regrow(b->pairs, room, sizeof *b->pairs, &ok);
    b->user_codes = regrow(b->user_codes, room, sizeof *b->user_codes, &ok);
    b->score = regrow(b->score, room, sizeof *b->score, &ok);
    b->next = regrow(b->next, room, sizeof *b->next, &ok);
    b->states = regrow(b->states, room, sizeof *b->states, &ok);
    if (ok)
        b->capacity = room;
    return ok;
}

void block_free(struct block *b)
{
    free(b->codes);
    free(b->pairs);
    free(b->user_codes);
    free(b->score);
    free(b->next);
    free(b->states);
}

/* The end of a number or Latin word that begins at `i`: [a-zA-Z0-9]+(\.\d+)?%? */
static size_t latin_end(const uint32_t *chars, size_t i, size_t end)
{
    while (i < end && is_latin(chars[i]))
        i++;
    if (i + 1 < end && chars[i] == '.' && chars[i + 1] - '0' < 10)
        for (i++; i < end && chars[i] - '0' < 10; i++) {}
    return i < end && chars[i] == '%' ? i + 1 : i;
}

/* A row without Chinese characters: Latin words, and what stands between them. */
static void cut_latin(struct paragraph *p, const uint32_t *chars, size_t start, size_t end, size_t base)
{
    while (start < end) {
        if (is_latin(chars[start])) {
            start = latin_end(chars, start, end);
        } else {
            while (start < end && !is_latin(chars[start]))
                start++;
        }
        p->ends[p->words++] = (uint32_t)(base + start);
    }
}

static void cut_hmm(struct paragraph *p, struct block *b, const struct lexicon *lex, size_t start, size_t end,
                    size_t base)
{
    block_states(b, lex, start, end);
    for (size_t i = start; i < end; i++)
        if (b->states[i] == STATE_E || b->states[i] == STATE_S)
            p->ends[p->words++] = (uint32_t)(base + i + 1);
}

/* Characters that the dictionary left alone. */
static void cut_singles(struct paragraph *p, struct block *b, const struct cutter *cutter, size_t start,
                        size_t end, size_t base)
{
    /* jieba's oddity, kept: a row that is a word, but not the likeliest way to cut here, falls into
     * single characters. */
    if (end - start <= 1 || block_is_word(b, cutter, start, end)) {
        while (start < end)
            p->ends[p->words++] = (uint32_t)(base + ++start);
        return;
    }
    while (start < end) {
        bool han = is_han(b->chars[start]);
        size_t stop = start + 1;
        while (stop < end && is_han(b->chars[stop]) == han)
            stop++;
        if (han)
            cut_hmm(p, b, cutter->words, start, stop, base);
        else
            cut_latin(p, b->chars, start, stop, base);
        start = stop;
    }
}

static void cut_block(struct paragraph *p, struct block *b, const struct cutter *cutter, size_t base)
{
    size_t singles = 0;
    block_route(b, cutter);
    for (size_t start = 0; start < b->length; start = b->next[start]) {
        size_t end = b->next[start];
        if (end - start == 1)
            continue;
        if (singles < start)
            cut_singles(p, b, cutter, singles, start, base);
        p->ends[p->words++] = (uint32_t)(base + end);
        singles = end;
    }
    if (singles < b->length)
        cut_singles(p, b, cutter, singles, b->length, base);
}

static bool load_block(struct block *b, const struct cutter *cutter, const uint32_t *chars, size_t length)
{
    if (!block_reserve(b, length))
        return false;
    b->chars = chars;
    b->length = length;
    for (size_t i = 0; i < length; i++)
        b->codes[i] = lexicon_code(cutter->words, chars[i]);
    if (cutter->user)
        for (size_t i = 0; i < length; i++)
            b->user_codes[i] = lexicon_code(cutter->user, chars[i]);
    return true;
}

/* Fetch what the next characters' pairs need from the trie; returns up to where. Blocks are short: within one
 * the reads have nothing to overlap with (5 % of the whole pass). */
static size_t fetch_pairs(const struct paragraph *p, const struct lexicon *lex, size_t i)
{
    size_t end = p->length - i > TOGETHER ? i + TOGETHER : p->length;
    uint16_t code = lexicon_code(lex, p->chars[i]);
    while (++i < end) {
        uint32_t slot = trie_step(&lex->trie, 0, code);
        code = lexicon_code(lex, p->chars[i]);
        trie_soon(&lex->trie, slot, code);
    }
    return end;
}

bool paragraph_cut(struct paragraph *p, struct block *b, const struct cutter *cutter)
{
    size_t i = 0, fetched = 0;
    p->words = 0;
    while (i < p->length) {
        size_t start = i;
        if (i >= fetched)
            fetched = fetch_pairs(p, cutter->words, i);
        while (i < p->length && is_word_char(p->chars[i]))
            i++;
        if (i > start) {
            if (!load_block(b, cutter, p->chars + start, i - start))
                return false;
            cut_block(p, b, cutter, start);
        } else {
            i += p->chars[i] == '\r' && i + 1 < p->length && p->chars[i + 1] == '\n' ? 2 : 1;
            p->ends[p->words++] = (uint32_t)i;
        }
    }
    return true;
}
