/* _kernel.Lexicon: a lexicon's bytes, and folding with its table. */
#include "binding.h"

static PyObject *lexicon_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"data", NULL};
    struct lexicon_object *self;
    PyObject *data;
    const char *problem;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Lexicon", names, &data))
        return NULL;
    self = (struct lexicon_object *)PyType_GenericAlloc(type, 0);
    if (self == NULL || PyObject_GetBuffer(data, &self->buffer, PyBUF_SIMPLE) < 0) {
        Py_XDECREF((PyObject *)self);
        return NULL;
    }
    problem = lexicon_open(&self->lexicon, self->buffer.buf, (size_t)self->buffer.len);
    if (problem != NULL) {
        PyErr_SetString(PyExc_ValueError, problem);
        Py_DECREF((PyObject *)self);
        return NULL;
    }
    return (PyObject *)self;
}

static void lexicon_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    PyBuffer_Release(&((struct lexicon_object *)self)->buffer);
    release(self);
    Py_DECREF(type);
}

/* Load and fold `text`; on failure -1, with an exception set. */
static int normalize(PyObject *self, PyObject *text, struct paragraph *p)
{
    const struct lexicon *lex = &((struct lexicon_object *)self)->lexicon;
    if (lex->folds.index == NULL) {
        PyErr_SetString(PyExc_ValueError, "this lexicon has no folding table");
        return -1;
    }
    if (load_text(p, text) < 0)
        return -1;
    Py_BEGIN_ALLOW_THREADS
    paragraph_fold(p, lex);
    Py_END_ALLOW_THREADS
    return 0;
}

static PyObject *lexicon_fold_text(PyObject *self, PyObject *text)
{
    struct paragraph p = {0};
    PyObject *folded = normalize(self, text, &p) < 0 ? NULL : make_text(p.chars, p.length);
    paragraph_free(&p);
    return folded;
}

/* The offsets as a memoryview of unsigned ints: no object per character. */
static PyObject *make_offsets(const struct paragraph *p)
{
    PyObject *view = NULL, *typed = NULL;
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)p->offsets,
                                                (Py_ssize_t)(p->length * sizeof *p->offsets));
    if (bytes != NULL)
        view = PyMemoryView_FromObject(bytes);
    if (view != NULL)
        typed = PyObject_CallMethod(view, "cast", "s", "I");
    Py_XDECREF(view);
    Py_XDECREF(bytes);
    return typed;
}

static PyObject *lexicon_fold_with_offsets(PyObject *self, PyObject *text)
{
    struct paragraph p = {0};
    PyObject *folded = NULL, *offsets = NULL, *pair = NULL;
    if (normalize(self, text, &p) == 0) {
        folded = make_text(p.chars, p.length);
        offsets = make_offsets(&p);
    }
    if (folded != NULL && offsets != NULL)
        pair = PyTuple_Pack(2, folded, offsets);
    Py_XDECREF(folded);
    Py_XDECREF(offsets);
    paragraph_free(&p);
    return pair;
}

static PyMethodDef methods[] = {
    {"normalize", lexicon_fold_text, METH_O, "normalize(text): the text folded."},
    {"normalize_with_offsets", lexicon_fold_with_offsets, METH_O,
     "normalize_with_offsets(text): the text folded, and where each of its characters stood."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, lexicon_new},
    {Py_tp_dealloc, lexicon_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Lexicon(data): a lexicon file's bytes, ready to fold text and to be cut with."},
    {0, NULL},
};

PyType_Spec lexicon_spec = {
    .name = "civictag._kernel.Lexicon",
    .basicsize = sizeof(struct lexicon_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
