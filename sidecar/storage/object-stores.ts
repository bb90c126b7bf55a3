import { Failure, type Location, locationText } from "../../model/index.ts";
import { azure } from "./azure.ts";
import { gcs } from "./gcs.ts";
import { localFiles } from "./local-files.ts";
import type { ObjectStore } from "./object-store.ts";
import { s3 } from "./s3.ts";
import type { OnRequest } from "./s3-client.ts";
import type { StorageConfig } from "./settings.ts";

/** Every kind of store, each made when it is first needed and kept until `close`. */
export interface ObjectStores {
  readonly config: StorageConfig;
  /** The store that holds a place. Throws `not-supported` where no adapter speaks its scheme. */
  storeOf(location: Location): ObjectStore;
  close(): void;
}

type Make = (config: StorageConfig, onRequest?: OnRequest) => ObjectStore;

const ADAPTERS: Readonly<Record<string, Make>> = {
  file: localFiles,
  s3,
  gs: gcs,
  abfs: azure,
  abfss: azure,
  wasb: azure,
  wasbs: azure,
};

/** Makes the stores of one process; `onRequest` is told of every request over the network. */
export function openStores(config: StorageConfig, onRequest?: OnRequest): ObjectStores {
  const open = new Map<string, ObjectStore>();
  return {
    config,
    storeOf(location) {
      const make = Object.hasOwn(ADAPTERS, location.scheme) ? ADAPTERS[location.scheme] : undefined;
      if (make === undefined) throw notSpoken(location);
      const store = open.get(location.scheme) ?? make(config, onRequest);
      open.set(location.scheme, store);
      return store;
    },
    close() {
      for (const store of open.values()) store.close();
      open.clear();
    },
  };
}

function notSpoken(location: Location): Failure {
  const { scheme } = location;
  return new Failure(
    "not-supported",
    `cannot read ${locationText(location)}: got the scheme ${scheme}, for which Outrider has no adapter; ` +
      `expected ${Object.keys(ADAPTERS).join(", ")}, or a mount or copy of it given by --map FROM=TO`,
  );
}
