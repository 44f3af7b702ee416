/* The record reader without its checksum, under names of its own: the flip test must fail on it. */
#define LEGACY_NO_CRC
#define record_open unchecked_record_open
#define record_next unchecked_record_next
#define record_close unchecked_record_close
#define record_crc unchecked_record_crc
#define record_mask unchecked_record_mask
#include "../../src/legacy/record.c"
