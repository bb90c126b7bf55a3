/** Load files are read as the product's own back-test reads them. */
export { type LoadFile, readLoadFile } from "../../sidecar/whatif/load-file.ts";
