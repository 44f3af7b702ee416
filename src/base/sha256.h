/* sha256: the digest of FIPS 180-4, for checksums of files that must not change unseen. */
#ifndef SHOWX_BASE_SHA256_H
#define SHOWX_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
} sha256;

void sha256_init(sha256 *h);
void sha256_add(sha256 *h, const void *bytes, size_t n);
void sha256_done(sha256 *h, unsigned char digest[32]); /* h is spent */

/* The digest of n bytes as 64 hexadecimal digits. */
void sha256_hex(const void *bytes, size_t n, char hex[65]);

#endif
