/* export: a managed Firestore export, of gcloud or of the emulator:
 *
 *   DIR/NAME.overall_export_metadata        which parts there are, and how many documents and bytes they have
 *   DIR/.../X.export_metadata               a part: when it was begun, and the names of its output files
 *   DIR/.../output-N                        the documents: records (record.h) of entities (entity.h)
 *
 * Reading holds one block and one record. Every record gives a document or a located damage; a metadata file
 * that is missing or broken is a damage too, and what lies in the folder is read by its name instead; an
 * output file that is missing, or that no metadata names, is a damage; and at the end the counts are
 * compared. The documents carry no times of their own: info.start_us is the version of all of them. */
#ifndef SHOWX_LEGACY_EXPORT_H
#define SHOWX_LEGACY_EXPORT_H

#include "legacy/legacy.h"

/* Opens DIR, or the one folder in DIR that is an export (the emulator writes it so). The caller closes. */
bool export_open(const char *dir, legacy **ret, err *e);
bool export_is(const char *dir); /* whether export_open would find one */

#endif
