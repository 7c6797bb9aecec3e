// Each device replicates its equal part once to the server. Arguments: port of the link, port of the server, file, number of devices.
const fs = require("fs"), { open } = require("./rxdb_parts.cjs");
const { replicateServer } = require("rxdb-server/plugins/replication-server");
const [, , link, , file, devices] = process.argv;
const records = JSON.parse(fs.readFileSync(file));
const fill = async number => {
  const database = await open("device" + number);
  await database.records.bulkInsert(records.filter((_, place) => place % devices === number));
  return database;
};
const comeHome = database => replicateServer({
  url: `http://127.0.0.1:${link}/records/0`, replicationIdentifier: "push", collection: database.records, live: false,
  waitForLeadership: false, retryTime: 1000, push: { batchSize: 100 },
}).awaitInitialReplication();
(async () => {
  const all = await Promise.all(Array.from({ length: +devices }, (_, number) => fill(number)));
  const began = Date.now();
  await Promise.all(all.map(comeHome));
  console.log(JSON.stringify({ s: (Date.now() - began) / 1000 }));
  process.exit(0);
})();
