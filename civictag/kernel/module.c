/* civictag._kernel: the Python face of the kernel. civictag/_kernel.pyi gives the signatures, and
 * civictag/text/pure_tokenizer.py is the same in Python.
 */
#include "binding.h"

int check_lexicon(PyTypeObject *type, PyObject *object)
{
    struct module_state *state = PyType_GetModuleState(type);
    if (state != NULL && Py_TYPE(object) == state->lexicon_type)
        return 0;
    PyErr_SetString(PyExc_TypeError, "not a civictag._kernel.Lexicon");
    return -1;
}

Py_ssize_t text_length(PyObject *text)
{
    Py_ssize_t length;
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "text must be a str");
        return -1;
    }
    length = PyUnicode_GetLength(text);
    if (length > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "text is longer than 2147483647 characters");
        return -1;
    }
    return length;
}

int load_text(struct paragraph *p, PyObject *text)
{
    Py_ssize_t length = text_length(text);
    if (length < 0)
        return -1;
    if (!paragraph_reserve(p, (size_t)length)) {
        PyErr_NoMemory();
        return -1;
    }
    p->length = (size_t)length;
    return length > 0 && PyUnicode_AsUCS4(text, p->chars, length, 0) == NULL ? -1 : 0;
}

PyObject *make_text(const uint32_t *chars, size_t length)
{
    int little_endian = -1;
    return PyUnicode_DecodeUTF32((const char *)chars, (Py_ssize_t)(length * sizeof *chars), "surrogatepass",
                                 &little_endian);
}

static int add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **keep)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    int result = type == NULL ? -1 : PyModule_AddType(module, type);
    if (keep != NULL)
        *keep = type;
    else
        Py_XDECREF((PyObject *)type);
    return result;
}

static int module_exec(PyObject *module)
{
    struct module_state *state = PyModule_GetState(module);
    if (add_type(module, &lexicon_spec, &state->lexicon_type) < 0 ||
        add_type(module, &segmenter_spec, NULL) < 0)
        return -1;
    return add_type(module, &scorer_spec, NULL);
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct module_state *state = PyModule_GetState(module);
    Py_VISIT(state->lexicon_type);
    return 0;
}

static int module_clear(PyObject *module)
{
    struct module_state *state = PyModule_GetState(module);
    Py_CLEAR(state->lexicon_type);
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "civictag._kernel",
    .m_doc = "Folding, cutting and scoring, compiled.",
    .m_size = sizeof(struct module_state),
    .m_slots = slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&definition); }
