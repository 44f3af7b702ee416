// Drives the stand-in by Google's own client over REST (preferRest), so that the stand-in is held to the client's idea of
// Firestore and not to ours. Prints one line a question; tests/legacy/client.c says what they must be.
// NODE_PATH says where @google-cloud/firestore is; it exits with 77 where it is not.
let library, auth;
try {
  library = require('@google-cloud/firestore');
  const gax = require.resolve('google-gax', {paths: [require.resolve('@google-cloud/firestore')]});
  auth = require(require.resolve('google-auth-library', {paths: [gax]}));
} catch (e) {
  process.exit(77);
}
const {Firestore, FieldPath} = library;
const [host, port] = process.env.FIRESTORE_EMULATOR_HOST.split(':');
const say = (what, value) => console.log(what + ': ' + JSON.stringify(value));
const ids = snapshot => snapshot.docs.map(d => d.ref.path);

async function read(db) {
  const fans = db.collection('fans'), byName = fans.orderBy(FieldPath.documentId());
  say('collection', ids(await byName.get()));
  say('behind', ids(await byName.startAfter('f1').limit(1).get()));
  say('upTo', ids(await byName.endBefore('f2').get()));
  say('group', ids(await db.collectionGroup('follows').get()));
  say('count', (await fans.count().get()).data().count);
  say('collections', (await db.listCollections()).map(c => c.id));
  say('documents', (await fans.listDocuments()).map(d => d.path));
  say('all', (await db.getAll(fans.doc('f2'), fans.doc('none'), fans.doc('f1'))).map(d => d.exists));
  const parts = [];
  for await (const p of db.collectionGroup('follows').getPartitions(2)) parts.push(ids(await p.toQuery().get()));
  say('partitions', parts.flat());
  const f1 = await fans.doc('f1').get();
  say('values', {...f1.data(), at: f1.data().at.toDate().toISOString(), where: f1.data().where.latitude, like: f1.data().like.path});
  return f1;
}

async function write(db, f1) {
  const fans = db.collection('fans');
  await f1.ref.set({name: 'Jo', n: 2, at: new Date(0), list: [1, 'two', null]});
  say('written', (await f1.ref.get()).data().list);
  await f1.ref.delete({lastUpdateTime: f1.updateTime}).then(() => say('late', 'taken'), e => say('late', e.code));
  await fans.doc('f2').create({}).then(() => say('again', 'taken'), e => say('again', e.code));
  say('before', (await db.runTransaction(t => t.get(f1.ref), {readOnly: true, readTime: f1.readTime}).catch(e => ({data: () => e.message}))).data());
  await db.recursiveDelete(fans.doc('f1')); // asks for everything below, of whatever collection, as our reader does
  say('left', ids(await db.collectionGroup('follows').get()));
}

async function main() {
  const authClient = new auth.OAuth2Client(); // the emulator's owner
  authClient.setCredentials({access_token: 'owner', expiry_date: Date.now() + 3600000});
  const db = new Firestore({projectId: 'shop', preferRest: true, ssl: false, host, port: Number(port), authClient});
  await write(db, await read(db));
  await db.terminate();
}
main().then(() => process.exit(0), e => {
  console.log('failed: ' + (e.stack || e));
  process.exit(1);
});
