/* Scores, reasons and features as Python objects. */
#include "results.h"

static PyObject *make_row(const double *scores, size_t labels)
{
    PyObject *row = PyList_New((Py_ssize_t)labels);
    for (size_t i = 0; row != NULL && i < labels; i++) {
        PyObject *score = PyFloat_FromDouble(scores[i]);
        if (score == NULL)
            Py_CLEAR(row);
        else
            PyList_SetItem(row, (Py_ssize_t)i, score);
    }
    return row;
}

PyObject *make_rows(const double *scores, size_t count, size_t labels)
{
    PyObject *rows = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; rows != NULL && i < count; i++) {
        PyObject *row = make_row(scores + i * labels, labels);
        if (row == NULL)
            Py_CLEAR(rows);
        else
            PyList_SetItem(rows, (Py_ssize_t)i, row);
    }
    return rows;
}

static PyObject *make_pieces(const struct workspace *w)
{
    PyObject *list = PyList_New((Py_ssize_t)w->piece_count);
    for (size_t i = 0; list != NULL && i < w->piece_count; i++) {
        const struct piece *piece = &w->pieces[i];
        PyObject *item = Py_BuildValue("(IId)", piece->start, piece->end, piece->weight);
        if (item == NULL)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, (Py_ssize_t)i, item);
    }
    return list;
}

static PyObject *make_reason(struct workspace *w, const struct model *m, size_t label)
{
    double outside;
    PyObject *pieces;
    if (label >= m->labels) {
        PyErr_SetString(PyExc_IndexError, "no such label");
        return NULL;
    }
    if (!explain(w, m, label, &outside))
        return PyErr_NoMemory();
    pieces = make_pieces(w);
    return pieces ? Py_BuildValue("(Nd)", pieces, outside) : NULL;
}

PyObject *make_reasons(struct workspace *w, const struct model *m, PyObject *labels)
{
    Py_ssize_t count = PySequence_Size(labels);
    PyObject *list = count < 0 ? NULL : PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
        PyObject *label = PySequence_GetItem(labels, i);
        size_t number = label ? PyLong_AsSize_t(label) : 0;
        PyObject *reason = PyErr_Occurred() ? NULL : make_reason(w, m, number);
        Py_XDECREF(label);
        if (reason == NULL)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, i, reason);
    }
    return list;
}

static PyObject *make_hits(const struct analysis *a, size_t first, size_t last)
{
    PyObject *list = PyList_New((Py_ssize_t)(last - first));
    for (size_t i = first; list != NULL && i < last; i++) {
        const struct hit *hit = &a->hits[i];
        PyObject *item = Py_BuildValue("(III)", hit->row, hit->start, hit->end);
        if (item == NULL)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, (Py_ssize_t)(i - first), item);
    }
    return list;
}

static PyObject *make_sentence(const struct analysis *a, const struct sentence *s)
{
    PyObject *hits = make_hits(a, s->first, s->last);
    return hits ? Py_BuildValue("(IIN)", s->start, s->end, hits) : NULL;
}

PyObject *make_features(const struct workspace *w)
{
    const struct analysis *a = &w->analysis;
    PyObject *title, *list = PyList_New((Py_ssize_t)a->sentence_count);
    for (size_t i = 0; list != NULL && i < a->sentence_count; i++) {
        PyObject *sentence = make_sentence(a, &a->sentences[i]);
        if (sentence == NULL)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, (Py_ssize_t)i, sentence);
    }
    title = list ? make_hits(&w->title_analysis, 0, w->title_analysis.hit_count) : NULL;
    if (title == NULL)
        Py_CLEAR(list);
    return list ? Py_BuildValue("(NN)", list, title) : NULL;
}
