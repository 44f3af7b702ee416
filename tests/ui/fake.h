/* fake: rowsets without a server, made by a store that gives what it is told. */
#ifndef SHOWX_TESTS_UI_FAKE_H
#define SHOWX_TESTS_UI_FAKE_H

#include "store/store.h"

/* A rowset of nrows x ncolumns; cells row-major, NULL = null. Freed with rowset_free. */
rowset *fake_rows(const char *const *columns, size_t ncolumns, const char *const *cells, size_t nrows);

#endif
