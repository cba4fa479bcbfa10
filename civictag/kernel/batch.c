/* Copying a batch of texts out of Python. */
#include "batch.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

static size_t item_start(const struct batch *b, size_t i) { return i ? b->ends[i - 1] : 0; }

static PyObject *item_text(PyObject *titles, PyObject *texts, size_t i)
{
    return PyList_GetItem(i % 2 ? texts : titles, (Py_ssize_t)(i / 2));
}

/* Lengths of all items first, so that one piece of memory holds them. */
static int measure(struct batch *b, PyObject *titles, PyObject *texts)
{
    size_t total = 0;
    bool fits = true; /* one text, many times over, may be more than 32 bits count */
    for (size_t i = 0; i < b->count; i++) {
        Py_ssize_t length = text_length(item_text(titles, texts, i));
        if (length < 0)
            return -1;
        fits = fits && (size_t)length < SIZE_MAX - total;
        total += (size_t)length;
        b->ends[i] = total;
    }
    b->chars = fits ? regrow(NULL, total + 1, sizeof *b->chars, &fits) : NULL;
    if (b->chars == NULL)
        PyErr_NoMemory();
    return b->chars == NULL ? -1 : 0;
}

static int copy_all(struct batch *b, PyObject *titles, PyObject *texts)
{
    for (size_t i = 0; i < b->count; i++) {
        size_t start = item_start(b, i), length = b->ends[i] - start;
        if (length > 0 &&
            !PyUnicode_AsUCS4(item_text(titles, texts, i), b->chars + start, (Py_ssize_t)length, 0))
            return -1;
    }
    return 0;
}

int batch_load(struct batch *b, PyObject *titles, PyObject *texts)
{
    if (!PyList_Check(titles) || !PyList_Check(texts)) {
        PyErr_SetString(PyExc_TypeError, "texts and titles must be lists");
        return -1;
    }
    if (PyList_Size(titles) != PyList_Size(texts)) {
        PyErr_SetString(PyExc_ValueError, "as many titles as texts are needed");
        return -1;
    }
    b->count = 2 * (size_t)PyList_Size(texts);
    b->ends = calloc(b->count + 1, sizeof *b->ends);
    if (b->ends == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return measure(b, titles, texts) < 0 || copy_all(b, titles, texts) < 0 ? -1 : 0;
}

void batch_free(struct batch *b)
{
    free(b->chars);
    free(b->ends);
}

bool batch_equal(const struct batch *b, size_t one, size_t other)
{
    size_t a = item_start(b, one), c = item_start(b, other), length = b->ends[one] - a;
    return length == b->ends[other] - c && memcmp(b->chars + a, b->chars + c, length * sizeof *b->chars) == 0;
}

bool batch_copy(const struct batch *b, size_t i, struct paragraph *p)
{
    size_t start = item_start(b, i), length = b->ends[i] - start;
    if (!paragraph_reserve(p, length))
        return false;
    memcpy(p->chars, b->chars + start, length * sizeof *p->chars);
    p->length = length;
    return true;
}
