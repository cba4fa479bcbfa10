/* Between Python objects and the kernel's structures. Only the stable interface of Python 3.11 is
 * used, so one build serves all later versions.
 */
#ifndef CIVICTAG_BINDING_H
#define CIVICTAG_BINDING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "lexicon.h"
#include "paragraph.h"

struct module_state {
    PyTypeObject *lexicon_type;
};

/* A mapped or loaded lexicon; the buffer stays alive as long as the object. */
struct lexicon_object {
    PyObject_HEAD
    Py_buffer buffer;
    struct lexicon lexicon;
};

extern PyType_Spec lexicon_spec;
extern PyType_Spec segmenter_spec;
extern PyType_Spec scorer_spec;

/* Is `object` a Lexicon of the module that `type` belongs to? Returns -1 with an exception set if not. */
int check_lexicon(PyTypeObject *type, PyObject *object);
/* The length of a str that is short enough for 32-bit offsets; -1 with an exception set. */
Py_ssize_t text_length(PyObject *text);

/* Copy a str into p->chars. Returns -1 with an exception set. */
int load_text(struct paragraph *p, PyObject *text);
/* A str of code points, lone surrogates allowed. */
PyObject *make_text(const uint32_t *chars, size_t length);

#endif
