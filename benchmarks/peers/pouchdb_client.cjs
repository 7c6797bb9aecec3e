// Each device replicates its equal part until it is whole, after each break again.
// Arguments: port of the link, port of the server, file, folder, number of devices.
const fs = require("fs"), [, , link, server, file, folder, devices] = process.argv;
const PouchDB = require("pouchdb").defaults({ prefix: folder + "/" });
process.on("unhandledRejection", () => {}).on("uncaughtException", () => {});
const pause = () => new Promise(go => setTimeout(go, 1000));
const records = JSON.parse(fs.readFileSync(file)).map(({ id, ...rest }) => ({ _id: id, ...rest }));
const open = async number => {
  const local = new PouchDB("device" + number);
  await local.bulkDocs(records.filter((_, place) => place % devices === number));
  return local;
};
const comeHome = async local => {
  for (;;) {
    try {
      const remote = new PouchDB(`http://127.0.0.1:${link}/records`, { skip_setup: true });
      if ((await local.replicate.to(remote, { batch_size: 100 })).ok) return;
    } catch { await pause(); }
  }
};
(async () => {
  const all = await Promise.all(Array.from({ length: +devices }, (_, number) => open(number)));
  await new PouchDB(`http://127.0.0.1:${server}/records`).info();
  const began = Date.now();
  await Promise.all(all.map(comeHome));
  console.log(JSON.stringify({ s: (Date.now() - began) / 1000 }));
  process.exit(0);
})();
