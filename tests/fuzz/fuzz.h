/* fuzz: what the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput; linked with libFuzzer
 * it searches, linked with replay.c it runs given files and a few thousand seeded mutations of them. */
#ifndef SHOWX_FUZZ_H
#define SHOWX_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* An assertion that stays in every build. */
#define fuzz_must(condition)                                                                                 \
    ((condition) ? (void)0                                                                                   \
                 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), abort()))

#endif
