/* The most probable way through a block, word by word, from the dictionary alone.
 *
 * jieba builds a graph of all words and then walks it from the end; here both are one loop, and
 * no graph is kept. Doubles are added in jieba's order, and of equal ways the one with the longer
 * first word wins (Python's max over (score, end)), so the words are jieba's to the last one.
 */
#include "segment.h"

struct choice {
    double score;
    size_t end; /* 0: no word yet */
};

static void consider(struct choice *best, const struct block *b, double log_total, double log, size_t end)
{
    double score = (log - log_total) + b->score[end];
    if (best->end == 0 || score >= best->score) {
        best->score = score;
        best->end = end;
    }
}

/* The slots after every two characters. These are the reads that miss the cache, one or two per character;
 * in a loop of their own, without a branch between them, the processor has many under way at once
 * (0.7 of the time for the whole cut, measured). */
static void find_pairs(struct block *b, const struct trie *trie)
{
    for (size_t i = 0; i + 1 < b->length; i++) {
        uint32_t slot = trie_step(trie, 0, b->codes[i]);
        uint32_t next = trie_step(trie, slot, b->codes[i + 1]);
        b->pairs[i] = slot ? next : 0;
        if (i + 2 < b->length)
            trie_soon(trie, next, b->codes[i + 2]);
    }
    b->pairs[b->length - 1] = 0;
}

/* Words of the dictionary that begin at `start`. */
static struct choice choose(const struct block *b, const struct cutter *cutter, size_t start)
{
    const struct trie *trie = &cutter->words->trie;
    struct choice best = {0, 0};
    uint32_t slot = trie_step(trie, 0, b->codes[start]);
    for (size_t i = start; slot != 0;) {
        const double *log = lexicon_word(cutter->words, slot);
        if (log != NULL)
            consider(&best, b, cutter->log_total, *log, i + 1);
        if (++i >= b->length)
            break;
        slot = i == start + 1 ? b->pairs[start] : trie_step(trie, slot, b->codes[i]);
    }
    return best;
}

/* The same where user words begin too: a user word's frequency replaces the dictionary's. */
static struct choice choose_both(const struct block *b, const struct cutter *cutter, size_t start)
{
    struct choice best = {0, 0};
    const struct trie *trie = &cutter->words->trie;
    uint32_t slot = trie_step(trie, 0, b->codes[start]);
    uint32_t user = trie_step(&cutter->user->trie, cutter->user_root, b->user_codes[start]);
    for (size_t i = start; slot != 0 || user != 0;) {
        const double *log = user ? lexicon_word(cutter->user, user) : NULL;
        if (log == NULL && slot != 0)
            log = lexicon_word(cutter->words, slot);
        if (log != NULL)
            consider(&best, b, cutter->log_total, *log, i + 1);
        if (++i >= b->length)
            break;
        if (slot)
            slot = i == start + 1 ? b->pairs[start] : trie_step(trie, slot, b->codes[i]);
        user = user ? trie_step(&cutter->user->trie, user, b->user_codes[i]) : 0;
    }
    return best;
}

static bool begins_user_word(const struct block *b, const struct cutter *cutter, size_t start)
{
    uint16_t code = b->user_codes[start];
    if (cutter->kinds)
        return code < cutter->kind_count && (cutter->kinds[code] & USER_BEGIN);
    return trie_step(&cutter->user->trie, cutter->user_root, code);
}

void block_route(struct block *b, const struct cutter *cutter)
{
    find_pairs(b, &cutter->words->trie);
    b->score[b->length] = 0.0;
    for (size_t start = b->length; start-- > 0;) {
        bool users = cutter->user && begins_user_word(b, cutter, start);
        struct choice best = users ? choose_both(b, cutter, start) : choose(b, cutter, start);
        if (best.end == 0)
            consider(&best, b, cutter->log_total, 0.0, start + 1);
        b->score[start] = best.score;
        b->next[start] = (uint32_t)best.end;
    }
}

static bool is_word(const struct lexicon *lex, uint32_t slot, const uint16_t *codes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        slot = trie_step(&lex->trie, slot, codes[i]);
        if (slot == 0)
            return false;
    }
    return lexicon_word(lex, slot) != NULL;
}

bool block_is_word(const struct block *b, const struct cutter *cutter, size_t start, size_t end)
{
    return is_word(cutter->words, 0, b->codes + start, end - start) ||
           (cutter->user && is_word(cutter->user, cutter->user_root, b->user_codes + start, end - start));
}
