/* Opening a lexicon: find its sections and check that they lie inside the bytes given. */
#include "lexicon.h"

#include <string.h>

static const size_t ITEM[SECTION_COUNT] = {2, 4, 2, 2, 8, 8, 8, 8, 4, 1, 4, 4, 4, 2};
static const size_t TABLE_AT = 32;

static bool find_sections(struct section *found, const unsigned char *bytes, size_t size)
{
    if (size < TABLE_AT + SECTION_COUNT * 16 || memcmp(bytes, "civiclex", 8) != 0 || (uintptr_t)bytes % 8)
        return false;
    for (int i = 0; i < SECTION_COUNT; i++) {
        uint64_t place[2];
        memcpy(place, bytes + TABLE_AT + i * sizeof place, sizeof place);
        if (place[0] % 8 || place[0] > size || place[1] > size - place[0])
            return false;
        found[i].items = bytes + place[0];
        found[i].count = place[1] / ITEM[i];
    }
    return true;
}

/* Every page that the index names is there. Empty sections are fine: the table is not used. */
static bool complete(struct section index, struct section pages)
{
    const uint16_t *page = index.items;
    if (index.count == 0)
        return true;
    if (index.count != PAGES)
        return false;
    for (size_t i = 0; i < PAGES; i++)
        if (((size_t)page[i] + 1) * PAGE > pages.count)
            return false;
    return true;
}

const char *lexicon_open(struct lexicon *lex, const void *bytes, size_t size)
{
    struct section *found = lex->sections;
    if (!find_sections(found, bytes, size))
        return "not a lexicon";
    if (!complete(found[FOLD_INDEX], found[FOLDS]) || !complete(found[CODE_INDEX], found[CODES]))
        return "a lexicon with a damaged character table";
    if (found[CODE_INDEX].count == 0 || found[TRIE].count == 0)
        return "a lexicon without words";
    lex->folds = (struct stages32){found[FOLD_INDEX].count ? found[FOLD_INDEX].items : NULL, found[FOLDS].items};
    lex->codes = (struct stages16){found[CODE_INDEX].items, found[CODES].items};
    lex->trie = (struct trie){found[TRIE].items, found[TRIE].count};
    lex->logs = found[LOGS].items;
    lex->log_count = found[LOGS].count;
    lex->hmm = found[HMM].count == STATES + STATES * STATES ? found[HMM].items : NULL;
    lex->emissions = found[EMISSIONS].items;
    lex->emission_rows = found[EMISSIONS].count / STATES;
    return NULL;
}
