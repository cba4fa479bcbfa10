/* What a model found, as Python objects. All return NULL with an exception set when they fail. */
#ifndef CIVICTAG_RESULTS_H
#define CIVICTAG_RESULTS_H

#include "binding.h"
#include "score.h"

/* [[score]]: `count` rows of `labels` scores. */
PyObject *make_rows(const double *scores, size_t count, size_t labels);
/* After score_paragraph, for each of `labels`: ([(start, end, weight)], outside). */
PyObject *make_reasons(struct workspace *w, const struct model *m, PyObject *labels);
/* ([(start, end, [(row, start, end)])], [(row, 0, 0)]): the sentences' features, and the title's. */
PyObject *make_features(const struct workspace *w);

#endif
