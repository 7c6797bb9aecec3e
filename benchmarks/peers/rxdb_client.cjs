// Replicates once to the server. Arguments: port of the link, port of the server, file.
const fs = require("fs"), { open } = require("./rxdb_parts.cjs");
const { replicateServer } = require("rxdb-server/plugins/replication-server");
const [, , link, , file] = process.argv;
(async () => {
  const database = await open("device");
  await database.records.bulkInsert(JSON.parse(fs.readFileSync(file)));
  const began = Date.now();
  const state = replicateServer({
    url: `http://127.0.0.1:${link}/records/0`, replicationIdentifier: "push", collection: database.records, live: false,
    waitForLeadership: false, retryTime: 1000, push: { batchSize: 100 },
  });
  await state.awaitInitialReplication();
  console.log(JSON.stringify({ s: (Date.now() - began) / 1000 }));
  process.exit(0);
})();
