// The deployable trigger: each write of Firestore goes to Postgres, where legacy.apply decides what it means. Nothing is decided here.
//
//   npm ci
//   gcloud functions deploy showx-mirror --gen2 --runtime=nodejs20 --entry-point=mirror --source=. --retry \
//     --trigger-event-filters=type=google.cloud.firestore.document.v1.written,database='(default)' \
//     --trigger-event-filters-path-pattern=document='{doc=**}' --set-secrets=PGPASSWORD=... --set-env-vars=PGHOST=...,PGUSER=...
//
// First-generation functions: --entry-point=mirror1 --trigger-event=providers/cloud.firestore/eventTypes/document.write. The login is a
// member of showx_sync, which may apply events and nothing else. Deploy with --retry: an event that failed comes again.
'use strict';
const functions = require('@google-cloud/functions-framework');
const { Pool } = require('pg');
const { decode } = require('./decode');

const pool = new Pool({ max: 2, application_name: 'showx trigger' }); // PGHOST, PGUSER, PGPASSWORD, PGSSLMODE ...
pool.on('error', (e) => console.error(`an idle connection was lost: ${e.message}`));

const apply = async (event) => (await pool.query('select legacy.apply($1::jsonb) as outcome', [JSON.stringify(event)])).rows[0].outcome;

async function forward(event) {
  let outcome;
  try {
    outcome = await apply(event);
  } catch (e) {
    // What jsonb cannot hold (a NUL character) would come again for ever: its document waits to be read, where it can be kept as an issue.
    if (!/^(22|54)/.test(e.code || '')) throw e;
    console.error(`event ${event.id}: ${e.code}; its document is to be read`);
    outcome = await apply({ id: event.id, kind: event.kind, path: event.path, prefix: event.prefix });
  }
  console.log(`event ${event.id}: ${outcome}`);
}

functions.cloudEvent('mirror', ({ id, type, subject, document, data, data_base64: base64 }) =>
  forward(decode({ id, type, name: document || subject, data: base64 ? Buffer.from(base64, 'base64') : data })));

exports.mirror1 = (data, context) =>
  forward(decode({ id: context.eventId, type: context.eventType, name: context.resource.name || context.resource, data }));
