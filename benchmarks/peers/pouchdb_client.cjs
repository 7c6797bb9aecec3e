// Replicates until it is whole, after each break again. Arguments: port of the link, port of the server, file, folder.
const fs = require("fs"), [, , link, server, file, folder] = process.argv;
const PouchDB = require("pouchdb").defaults({ prefix: folder + "/" });
process.on("unhandledRejection", () => {}).on("uncaughtException", () => {});
const pause = () => new Promise(go => setTimeout(go, 1000));
(async () => {
  const local = new PouchDB("device");
  await local.bulkDocs(JSON.parse(fs.readFileSync(file)).map(({ id, ...rest }) => ({ _id: id, ...rest })));
  await new PouchDB(`http://127.0.0.1:${server}/records`).info();
  const began = Date.now();
  for (;;) {
    try {
      const remote = new PouchDB(`http://127.0.0.1:${link}/records`, { skip_setup: true });
      if ((await local.replicate.to(remote, { batch_size: 100 })).ok) break;
    } catch { await pause(); }
  }
  console.log(JSON.stringify({ s: (Date.now() - began) / 1000 }));
  process.exit(0);
})();
