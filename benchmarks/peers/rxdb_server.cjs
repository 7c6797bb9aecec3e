// rxdb-server over express. Argument: port.
const { open } = require("./rxdb_parts.cjs"), { createRxServer } = require("rxdb-server/plugins/server");
const { RxServerAdapterExpress: adapter } = require("rxdb-server/plugins/adapter-express");
(async () => {
  const database = await open("server");
  const authHandler = async () => ({ validUntil: Date.now() + 1e9, data: {} });
  const server = await createRxServer({ database, adapter, port: +process.argv[2], hostname: "127.0.0.1", authHandler });
  server.addReplicationEndpoint({ name: "records", collection: database.records });
  await server.start();
})();
