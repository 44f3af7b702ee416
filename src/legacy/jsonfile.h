/* jsonfile: a file of node-firestore-import-export (json:FILE): one JSON object,
 *
 *   {"__collections__":{COLLECTION:{DOCID:{...fields..., "__collections__":{...}}}}}      begun at the root
 *
 * json:FILE[#PATH][@TIME]. PATH is where the export was begun when that was not the root, which the file does not
 * tell: a document ("fans/f1", its fields beside __collections__) or a collection ("fans", {DOCID:{...}}). TIME is when
 * it was begun, which it does not tell either, and becomes the version of all its documents; without it they
 * are older than anything else, so that they fill what is empty and overwrite nothing.
 *
 * What the format has lost is lost: whole numbers are integers, those beyond 2^53 were rounded, NaN is null, bytes
 * are maps. A document without fields but with collections is taken for a parent that is missing; a map of
 * just __datatype__ and value, with a type the exporter knows, for the value it names.
 *
 * The file is mapped, and is read in the memory of one document. A document with something wrong in it is a damage with
 * its line and byte; where the file's brackets themselves are broken nothing behind can be told apart, and that
 * damage is the last. */
#ifndef SHOWX_LEGACY_JSONFILE_H
#define SHOWX_LEGACY_JSONFILE_H

#include "legacy/legacy.h"

bool jsonfile_open(const char *source, legacy **ret, err *e);

#endif
