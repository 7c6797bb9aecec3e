// The collection of both ends; free storages are in memory, so neither end is durable.
const { createRxDatabase } = require("rxdb/plugins/core"), { getRxStorageMemory } = require("rxdb/plugins/storage-memory");
const text = { type: "string", maxLength: 200 }, number = { type: "number" };
const texts = ["patrol_id", "observed_at", "updated_at", "kind", "species", "condition", "action", "habitat", "observer", "team", "note"];
const properties = { id: { type: "string", maxLength: 60 }, lat: number, lon: number, acc: number, count: number };
for (const name of texts) properties[name] = text;
exports.open = async name => {
  const database = await createRxDatabase({ name, storage: getRxStorageMemory(), multiInstance: false });
  await database.addCollections({ records: { schema: { version: 0, primaryKey: "id", type: "object", properties, required: ["id"] } } });
  return database;
};
