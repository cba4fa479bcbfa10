/* Memory for paragraphs. */
#include "paragraph.h"

#include <stdlib.h>

static bool grow(uint32_t **array, size_t count)
{
    uint32_t *grown = realloc(*array, count * sizeof **array);
    if (grown != NULL)
        *array = grown;
    return grown != NULL;
}

bool paragraph_reserve(struct paragraph *p, size_t length)
{
    size_t wanted = length + length / 4 + 64;
    if (length < p->capacity)
        return true;
    if (!grow(&p->chars, wanted) || !grow(&p->offsets, wanted) || !grow(&p->ends, wanted))
        return false;
    p->capacity = wanted;
    return true;
}

void paragraph_free(struct paragraph *p)
{
    free(p->chars);
    free(p->offsets);
    free(p->ends);
}
