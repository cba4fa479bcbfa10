/* _kernel.Tokenizer: cutting with a lexicon and user words. Holds no state between calls; each call
 * has memory of its own and releases the interpreter lock, so threads may share one.
 */
#include "binding.h"
#include "segment.h"

struct segmenter_object {
    PyObject_HEAD
    PyObject *words;
    PyObject *user; /* NULL: no user words */
    struct cutter cutter;
};

static PyObject *make_segmenter(PyTypeObject *type, PyObject *words, PyObject *user, double log_total)
{
    const struct lexicon *lex = &((struct lexicon_object *)words)->lexicon;
    struct segmenter_object *self;
    if (lex->hmm == NULL) {
        PyErr_SetString(PyExc_ValueError, "this lexicon has no model for unknown words");
        return NULL;
    }
    self = (struct segmenter_object *)PyType_GenericAlloc(type, 0);
    if (self == NULL)
        return NULL;
    self->words = Py_NewRef(words);
    self->user = Py_XNewRef(user);
    self->cutter.words = lex;
    self->cutter.user = user ? &((struct lexicon_object *)user)->lexicon : NULL;
    self->cutter.log_total = log_total;
    return (PyObject *)self;
}

static PyObject *segmenter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"lexicon", "user", "log_total", NULL};
    PyObject *words, *user;
    double log_total;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOd:Tokenizer", names, &words, &user, &log_total))
        return NULL;
    if (user == Py_None)
        user = NULL;
    if (check_lexicon(type, words) < 0 || (user && check_lexicon(type, user) < 0))
        return NULL;
    return make_segmenter(type, words, user, log_total);
}

static void segmenter_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    Py_XDECREF(((struct segmenter_object *)self)->words);
    Py_XDECREF(((struct segmenter_object *)self)->user);
    release(self);
    Py_DECREF(type);
}

/* Load and cut `text`; on failure -1, with an exception set. */
static int cut(PyObject *self, PyObject *text, struct paragraph *p)
{
    const struct cutter *cutter = &((struct segmenter_object *)self)->cutter;
    struct block block = {0};
    bool done;
    if (load_text(p, text) < 0)
        return -1;
    Py_BEGIN_ALLOW_THREADS
    done = paragraph_cut(p, &block, cutter);
    block_free(&block);
    Py_END_ALLOW_THREADS
    if (!done)
        PyErr_NoMemory();
    return done ? 0 : -1;
}

typedef PyObject *(*make_item)(PyObject *text, uint32_t start, uint32_t end);

static PyObject *make_word(PyObject *text, uint32_t start, uint32_t end)
{
    return PyUnicode_Substring(text, (Py_ssize_t)start, (Py_ssize_t)end);
}

static PyObject *make_span(PyObject *text, uint32_t start, uint32_t end)
{
    (void)text;
    return Py_BuildValue("(II)", start, end);
}

static PyObject *make_list(PyObject *text, const struct paragraph *p, make_item make)
{
    PyObject *list = PyList_New((Py_ssize_t)p->words);
    for (size_t w = 0; list != NULL && w < p->words; w++) {
        PyObject *item = make(text, w ? p->ends[w - 1] : 0, p->ends[w]);
        if (item == NULL)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, (Py_ssize_t)w, item);
    }
    return list;
}

static PyObject *cut_into(PyObject *self, PyObject *text, make_item make)
{
    struct paragraph p = {0};
    PyObject *list = cut(self, text, &p) < 0 ? NULL : make_list(text, &p, make);
    paragraph_free(&p);
    return list;
}

static PyObject *segmenter_cut(PyObject *self, PyObject *text) { return cut_into(self, text, make_word); }

static PyObject *segmenter_spans(PyObject *self, PyObject *text) { return cut_into(self, text, make_span); }

static PyMethodDef methods[] = {
    {"cut", segmenter_cut, METH_O, "cut(text): the words of a folded text."},
    {"spans", segmenter_spans, METH_O, "spans(text): the words of a folded text as (start, end)."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, segmenter_new},
    {Py_tp_dealloc, segmenter_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Tokenizer(lexicon, user, log_total): cuts folded text as jieba 0.42.1 does."},
    {0, NULL},
};

PyType_Spec segmenter_spec = {
    .name = "civictag._kernel.Tokenizer",
    .basicsize = sizeof(struct segmenter_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
