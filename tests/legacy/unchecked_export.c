#define record_open unchecked_record_open
#define record_next unchecked_record_next
#define record_close unchecked_record_close
#define export_open unchecked_export_open
#define export_is unchecked_export_is
#include "../../src/legacy/export.c"
#include "kit.h"

kit_open kit_unchecked_export = unchecked_export_open;
