/**
 * Where snapshots lie: local files, S3, Google Cloud Storage, Azure. Read only, and only inside the roots that were
 * given. `openStores` once per process, `snapshotStorage` once per purpose.
 */
export { type ObjectStores, openStores } from "./object-stores.ts";
export {
  compileStorageSettings,
  type StorageConfig,
  type StorageSettings,
  storageSettings,
} from "./settings.ts";
export { snapshotStorage, type ViewOptions } from "./snapshot-storage.ts";
