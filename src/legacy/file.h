/* file: a folder of NDJSON documents with an append-only change log. It is the demo's old database, and
 * a plain way in for anything that can print JSON. The folder, all text UTF-8, lines ended by LF:
 *
 *   DIR/manifest.json          one object: {"format":"showx-file","version":1,"project":"showx-demo",
 *                              "seed":1,"scale":1,"created":"2026-11-22T18:00:00Z","documents":12345}
 *                              format, version (1) and project are required; documents, where given, is the
 *                              number of lines in documents/ and is compared at the end of reading. Other
 *                              members are allowed and ignored.
 *   DIR/documents/NAME.ndjson  NAME is the collection, ids left out, with '/' written as '.':
 *                              fans.ndjson, fans.follows.ndjson. One REST document a line, in any order:
 *                              {"name":"projects/P/databases/(default)/documents/fans/f1","fields":{...},
 *                               "createTime":RFC3339,"updateTime":RFC3339}. A name may also be the bare path
 *                              ("fans/f1"); its project is then the manifest's, its database (default).
 *   DIR/changes.ndjson         appended to, never rewritten; need not exist. One change a line:
 *                              {"seq":1,"op":"set","name":...,"fields":{...},"createTime":...,"updateTime":...}
 *                              {"seq":2,"op":"delete","name":...,"updateTime":the deleted document's}
 *                              seq counts 1, 2, 3 ... A "set" is the whole document, never a patch.
 *
 * Files in documents/ are read in byte order of their names, then the change log. Invariants:
 *   - a line gives a document or a located damage, never nothing; a blank line is damage too;
 *   - a last line of the change log without LF is a write that was cut: damage, never parsed as truth. The
 *     next writer ends it with "#cut" LF, so that it stays damage for ever;
 *   - a jump or a step back in seq is a damage ("seq") beside the documents around it;
 *   - writers take an exclusive flock on changes.ndjson, add one line by one write(2) and fsync it, so that
 * any number of them may work at once. A generator that makes a new folder just writes the files. */
#ifndef SHOWX_LEGACY_FILE_H
#define SHOWX_LEGACY_FILE_H

#include "legacy/legacy.h"

/* A typed JSON document can take 22 times its stored size (null, a byte, is {"nullValue":null}, ), so a legal
 * 1 MiB document can fill this; a longer line is damage, read past without being kept. */
#ifndef FILE_LINE_MAX
#define FILE_LINE_MAX (24u << 20)
#endif

/* Opens DIR; the folder, its manifest or their absence is one sentence in e. The caller closes. */
bool file_open(const char *dir, legacy **ret, err *e);

#endif
