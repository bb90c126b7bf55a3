/**
 * How much will arrive? `forecastPath` gives the next day of a load, middle and upper edge, from what was seen of it;
 * `OnlineForecast` is the same machine one value at a time, with all its methods, for measuring. Pure.
 */
export { allMethods, knowsSeason } from "./methods.ts";
export { OnlineForecast, type OnlineOptions } from "./online.ts";
export { forecastPath, type PathOptions } from "./path.ts";
