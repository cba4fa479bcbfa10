/* _kernel.Scorer: a model's raw scores and reasons. civictag/model/compiled.py is what uses it.
 *
 * Between calls the object keeps one workspace; a call takes it, or makes its own when another thread
 * has it. Texts are copied in, then the interpreter lock is released for the whole batch.
 */
#include "batch.h"
#include "results.h"

#include <stdlib.h>

struct scorer_object {
    PyObject_HEAD
    PyObject *dictionary, *tables; /* keep the memory that `model` points into alive */
    Py_buffer weights, paragraph;
    double *biases, *offsets;
    struct model model;
    struct workspace *spare; /* NULL while in use */
};

/* ---- workspaces ---- */

/* Characters of a batch, beyond which its workspace is not kept: for a text of 64 MiB it has 250 MiB. */
#define MOST_KEPT ((size_t)4 << 20)

static struct workspace *take_workspace(struct scorer_object *self)
{
    struct workspace *w = self->spare;
    self->spare = NULL;
    if (w != NULL)
        return w;
    w = calloc(1, sizeof *w);
    if (w != NULL && workspace_init(w, &self->model))
        return w;
    if (w != NULL)
        workspace_free(w);
    free(w);
    PyErr_NoMemory();
    return NULL;
}

static void drop_workspace(struct workspace *w)
{
    if (w != NULL)
        workspace_free(w);
    free(w);
}

static void give_workspace(struct scorer_object *self, struct workspace *w)
{
    drop_workspace(self->spare);
    self->spare = w;
}

/* ---- making and unmaking ---- */

static void scorer_dealloc(PyObject *object)
{
    struct scorer_object *self = (struct scorer_object *)object;
    PyTypeObject *type = Py_TYPE(object);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    drop_workspace(self->spare);
    free(self->biases);
    free(self->offsets);
    free(self->model.kinds);
    PyBuffer_Release(&self->weights);
    PyBuffer_Release(&self->paragraph);
    Py_XDECREF(self->dictionary);
    Py_XDECREF(self->tables);
    release(object);
    Py_DECREF(type);
}

/* A copy of `count` numbers; NULL with an exception set. */
static double *copy_numbers(PyObject *numbers, Py_ssize_t count)
{
    double *copy = PySequence_Size(numbers) == count ? calloc((size_t)count, sizeof *copy) : NULL;
    if (copy == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "not a number for each label");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PySequence_GetItem(numbers, i);
        copy[i] = item ? PyFloat_AsDouble(item) : -1.0;
        Py_XDECREF(item);
        if (PyErr_Occurred()) {
            free(copy);
            return NULL;
        }
    }
    return copy;
}

static int read_biases(struct scorer_object *self, PyObject *biases, PyObject *offsets)
{
    Py_ssize_t count = PySequence_Size(biases);
    if (count < 0)
        return -1;
    if (count == 0) {
        PyErr_SetString(PyExc_ValueError, "a model without labels");
        return -1;
    }
    self->model.biases = self->biases = copy_numbers(biases, count);
    self->model.offsets = self->offsets = self->biases ? copy_numbers(offsets, count) : NULL;
    self->model.labels = (size_t)count;
    return self->offsets ? 0 : -1;
}

static struct numbers numbers_of(const Py_buffer *buffer)
{
    return (struct numbers){buffer->buf, (size_t)buffer->len};
}

static bool is_aligned(const Py_buffer *buffer) { return (uintptr_t)buffer->buf % sizeof(float) == 0; }

static int open_scorer(struct scorer_object *self, PyObject *dictionary, PyObject *tables)
{
    const struct lexicon *words = &((struct lexicon_object *)dictionary)->lexicon;
    const char *problem = "a dictionary that cannot fold and cut";
    self->dictionary = Py_NewRef(dictionary);
    self->tables = Py_NewRef(tables);
    self->model.cutter.words = words;
    if (words->hmm != NULL && words->folds.index != NULL)
        problem = is_aligned(&self->weights) && is_aligned(&self->paragraph)
                      ? model_open(&self->model, &((struct lexicon_object *)tables)->lexicon,
                                   numbers_of(&self->weights), numbers_of(&self->paragraph))
                      : "weights that are not aligned";
    if (problem != NULL)
        PyErr_SetString(PyExc_ValueError, problem);
    return problem == NULL ? 0 : -1;
}

static PyObject *scorer_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"dictionary", "tables",       "weights",   "paragraph", "biases",
                            "offsets",    "other_sentences_weight", "log_total", NULL};
    PyObject *dictionary, *tables, *weights, *paragraph, *biases, *offsets;
    double other_sentences_weight, log_total;
    struct scorer_object *self;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOOOOdd:Scorer", names, &dictionary, &tables, &weights,
                                     &paragraph, &biases, &offsets, &other_sentences_weight, &log_total))
        return NULL;
    if (check_lexicon(type, dictionary) < 0 || check_lexicon(type, tables) < 0)
        return NULL;
    self = (struct scorer_object *)PyType_GenericAlloc(type, 0);
    if (self == NULL)
        return NULL;
    self->model.other_sentences_weight = other_sentences_weight;
    self->model.cutter.log_total = log_total;
    if (PyObject_GetBuffer(weights, &self->weights, PyBUF_SIMPLE) < 0 ||
        PyObject_GetBuffer(paragraph, &self->paragraph, PyBUF_SIMPLE) < 0 ||
        read_biases(self, biases, offsets) < 0 || open_scorer(self, dictionary, tables) < 0) {
        Py_DECREF((PyObject *)self);
        return NULL;
    }
    return (PyObject *)self;
}

/* ---- scores ---- */

/* Load and score a title; a title equal to the one before is not scored again. */
static bool next_title(struct workspace *w, const struct model *m, const struct batch *b, size_t i)
{
    if (i > 0 && batch_equal(b, 2 * i, 2 * i - 2))
        return true;
    return batch_copy(b, 2 * i, &w->title) && score_title(w, m);
}

static bool score_batch(struct workspace *w, const struct model *m, const struct batch *b, double *scores)
{
    for (size_t i = 0; 2 * i < b->count; i++)
        if (!next_title(w, m, b, i) || !batch_copy(b, 2 * i + 1, &w->paragraph) ||
            !score_paragraph(w, m, false, scores + i * m->labels))
            return false;
    return true;
}

/* Scores of a loaded batch, to be freed; NULL with an exception set. */
static double *run_batch(struct scorer_object *self, const struct batch *b)
{
    struct workspace *w = take_workspace(self);
    double *scores = w ? malloc((b->count / 2 * self->model.labels + 1) * sizeof *scores) : NULL;
    bool done = false;
    if (scores != NULL) {
        Py_BEGIN_ALLOW_THREADS
        done = score_batch(w, &self->model, b, scores);
        Py_END_ALLOW_THREADS
    }
    if (w != NULL && b->count > 0 && b->ends[b->count - 1] > MOST_KEPT)
        drop_workspace(w);
    else if (w != NULL)
        give_workspace(self, w);
    if (done)
        return scores;
    free(scores);
    if (!PyErr_Occurred())
        PyErr_NoMemory();
    return NULL;
}

static PyObject *scorer_scores(PyObject *object, PyObject *args)
{
    struct scorer_object *self = (struct scorer_object *)object;
    struct batch batch = {0};
    PyObject *texts, *titles, *rows = NULL;
    double *scores = NULL;
    if (!PyArg_ParseTuple(args, "OO:scores", &texts, &titles))
        return NULL;
    if (batch_load(&batch, titles, texts) == 0)
        scores = run_batch(self, &batch);
    if (scores != NULL)
        rows = make_rows(scores, batch.count / 2, self->model.labels);
    free(scores);
    batch_free(&batch);
    return rows;
}

/* ---- reasons and features, of one paragraph ---- */

/* Load and score one paragraph with its title; NULL with an exception set. */
static struct workspace *look_at(struct scorer_object *self, PyObject *text, PyObject *title)
{
    struct workspace *w = take_workspace(self);
    double *scores = w ? calloc(self->model.labels, sizeof *scores) : NULL;
    bool done = false;
    if (scores != NULL && load_text(&w->title, title) == 0 && load_text(&w->paragraph, text) == 0) {
        done = score_title(w, &self->model) && score_paragraph(w, &self->model, true, scores);
        if (!done)
            PyErr_NoMemory();
    }
    free(scores);
    if (done)
        return w;
    if (!PyErr_Occurred())
        PyErr_NoMemory();
    drop_workspace(w);
    return NULL;
}

static PyObject *scorer_reasons(PyObject *object, PyObject *args)
{
    struct scorer_object *self = (struct scorer_object *)object;
    PyObject *text, *title, *labels, *reasons;
    struct workspace *w;
    if (!PyArg_ParseTuple(args, "OOO:reasons", &text, &title, &labels))
        return NULL;
    w = look_at(self, text, title);
    if (w == NULL)
        return NULL;
    reasons = make_reasons(w, &self->model, labels);
    give_workspace(self, w);
    return reasons;
}

static PyObject *scorer_features(PyObject *object, PyObject *args)
{
    struct scorer_object *self = (struct scorer_object *)object;
    PyObject *text, *title, *features;
    struct workspace *w;
    if (!PyArg_ParseTuple(args, "OO:features", &text, &title))
        return NULL;
    w = look_at(self, text, title);
    if (w == NULL)
        return NULL;
    features = make_features(w);
    give_workspace(self, w);
    return features;
}

static PyMethodDef methods[] = {
    {"scores", scorer_scores, METH_VARARGS, "scores(texts, titles): a list of raw scores for each text."},
    {"reasons", scorer_reasons, METH_VARARGS,
     "reasons(text, title, labels): for each label ([(start, end, weight)], outside)."},
    {"features", scorer_features, METH_VARARGS,
     "features(text, title): ([(start, end, [(row, start, end)])], the title's [(row, 0, 0)])."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, scorer_new},
    {Py_tp_dealloc, scorer_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Scorer(dictionary, tables, weights, paragraph, biases, offsets, other_sentences_weight, log_total): "
                "a model."},
    {0, NULL},
};

PyType_Spec scorer_spec = {
    .name = "civictag._kernel.Scorer",
    .basicsize = sizeof(struct scorer_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
