/* Memory for paragraphs. */
#include "paragraph.h"

#include "memory.h"

bool paragraph_reserve(struct paragraph *p, size_t length)
{
    size_t room = roomy(length);
    bool ok = true;
    if (length < p->capacity)
        return true;
    p->chars = regrow(p->chars, room, sizeof *p->chars, &ok);
    p->offsets = regrow(p->offsets, room, sizeof *p->offsets, &ok);
    p->ends = regrow(p->ends, room, sizeof *p->ends, &ok);
    if (ok)
        p->capacity = room;
    return ok;
}

void paragraph_free(struct paragraph *p)
{
    free(p->chars);
    free(p->offsets);
    free(p->ends);
}
