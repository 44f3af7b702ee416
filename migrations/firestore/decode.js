// A trigger's event, as the platform hands it to a function, in the shape that legacy.apply wants
// (migrations/schema/0100_sync.sql). The data is protobuf on the wire and JSON in emulators and first-generation functions.
'use strict';
const protobuf = require('protobufjs');

const field = (id, type, more) => ({ id, type, ...more });
const map = (id) => ({ fields: { fields: { id, keyType: 'string', type: 'Value' } } });

// google.events.cloud.firestore.v1, as its data.proto numbers it.
const { DocumentEventData } = protobuf.Root.fromJSON({
  nested: {
    Timestamp: { fields: { seconds: field(1, 'int64'), nanos: field(2, 'int32') } },
    LatLng: { fields: { latitude: field(1, 'double'), longitude: field(2, 'double') } },
    MapValue: map(1),
    ArrayValue: { fields: { values: field(1, 'Value', { rule: 'repeated' }) } },
    Value: {
      oneofs: {
        valueType: {
          oneof: ['booleanValue', 'integerValue', 'doubleValue', 'referenceValue', 'mapValue', 'geoPointValue', 'arrayValue',
            'timestampValue', 'nullValue', 'stringValue', 'bytesValue'],
        },
      },
      fields: {
        booleanValue: field(1, 'bool'), integerValue: field(2, 'int64'), doubleValue: field(3, 'double'),
        referenceValue: field(5, 'string'), mapValue: field(6, 'MapValue'), geoPointValue: field(8, 'LatLng'),
        arrayValue: field(9, 'ArrayValue'), timestampValue: field(10, 'Timestamp'), nullValue: field(11, 'int32'),
        stringValue: field(17, 'string'), bytesValue: field(18, 'bytes'),
      },
    },
    Document: {
      fields: {
        name: field(1, 'string'), ...map(2).fields, createTime: field(3, 'Timestamp'), updateTime: field(4, 'Timestamp'),
      },
    },
    DocumentEventData: { fields: { value: field(1, 'Document'), oldValue: field(2, 'Document') } },
  },
}).nested;

// Microseconds since 1970 of a Timestamp or an RFC 3339 text, as a BigInt: a double would round the far ends of what Firestore keeps.
// Below a microsecond is cut off.
function micros(time) {
  if (time === undefined || time === null) return undefined;
  if (typeof time === 'object') return BigInt(time.seconds || 0) * 1000000n + BigInt(Math.floor((time.nanos || 0) / 1000));
  const parts = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time);
  const ms = parts ? Date.parse(parts[1] + parts[3]) : NaN;
  if (Number.isNaN(ms)) throw new Error('a time of the event is none');
  return BigInt(ms) * 1000n + BigInt(((parts[2] || '') + '000000').slice(0, 6));
}

function text(us) {
  const below = ((us % 1000000n) + 1000000n) % 1000000n;
  const seconds = new Date(Number((us - below) / 1000n)).toISOString().slice(0, 19);
  return below === 0n ? seconds + 'Z' : `${seconds}.${String(below).padStart(6, '0').replace(/000$/, '')}Z`;
}

const counted = (time) => { const us = micros(time); return us === undefined ? undefined : String(us); };

const each = (fields, f) => Object.fromEntries(Object.entries(fields || {}).map(([k, v]) => [k, f(v)]));

// One value in Firestore's typed JSON, spelled as every other source spells it, so that nothing differs that is the same.
function value(v) {
  const [type] = Object.keys(v);
  const of = v[type];
  switch (type) {
    case 'nullValue': return { nullValue: null };
    case 'integerValue': return { integerValue: String(of) };
    case 'timestampValue': return { timestampValue: text(micros(of)) };
    case 'geoPointValue': return { geoPointValue: { latitude: of.latitude || 0, longitude: of.longitude || 0 } };
    case 'mapValue': return { mapValue: Object.keys(of.fields || {}).length ? { fields: each(of.fields, value) } : {} };
    case 'arrayValue': return { arrayValue: of.values && of.values.length ? { values: of.values.map(value) } : {} };
    case undefined: throw new Error('a field of the event holds no value');
    default: return { [type]: of };
  }
}

function data(d) {
  if (!Buffer.isBuffer(d) && !(d instanceof Uint8Array)) return d || {};
  // json: NaN and the infinities as words, bytes as base64
  return DocumentEventData.toObject(DocumentEventData.decode(d), { longs: String, bytes: String, json: true });
}

const there = (doc) => (doc && Object.keys(doc).length > 0 ? doc : undefined);

// id, type ('...created', 'providers/.../document.write'), name (of the document, for events without one), data.
function decode({ id, type, name, data: raw }) {
  const { value: now, oldValue: old } = data(raw);
  const [doc, before] = [there(now), there(old)];
  const word = String(type).replace(/\.withAuthContext$/, '').split('.').pop();
  const kind = word.startsWith('delete') ? 'delete' : word.startsWith('create') ? 'create' : word.startsWith('update') ? 'update'
    : doc ? (before ? 'update' : 'create') : (before ? 'delete' : 'update');
  const full = (doc && doc.name) || (before && before.name) || name;
  const [, prefix, path] = /^(?:(projects\/[^/]+\/databases\/[^/]+\/documents)\/|documents\/)?(.*)$/s.exec(full);
  return {
    id, kind, path, prefix,
    fields: doc && kind !== 'delete' ? each(doc.fields, value) : undefined,
    update_us: doc && counted(doc.updateTime),
    create_us: doc && counted(doc.createTime),
    old_update_us: kind === 'delete' && before ? counted(before.updateTime) : undefined,
  };
}

module.exports = { decode };
