/* Texts copied out of Python, so that the interpreter lock can go while they are worked on. */
#ifndef CIVICTAG_BATCH_H
#define CIVICTAG_BATCH_H

#include "binding.h"

/* Titles and texts in turn: item 2i is a title, item 2i + 1 its text. */
struct batch {
    uint32_t *chars;
    size_t *ends; /* item i is chars[ends[i - 1] .. ends[i]) */
    size_t count;
};

/* Copy two lists of str of one length. Returns -1 with an exception set; call batch_free either way. */
int batch_load(struct batch *b, PyObject *titles, PyObject *texts);
void batch_free(struct batch *b);

bool batch_equal(const struct batch *b, size_t one, size_t other);
/* Item `i` into p->chars. False when memory is short. */
bool batch_copy(const struct batch *b, size_t i, struct paragraph *p);

#endif
