import type { Past } from "./past.ts";

/** One way to forecast, online: told of every new value, asked at any time. */
export interface Method {
  readonly name: string;
  /** Whether it knows what time of day it is. */
  readonly seasonal: boolean;
  /** Called once after every value that was added to `past`. */
  see(past: Past): void;
  /** What is expected `ahead` steps after the newest value, at most a day, never negative; NaN: too little was seen. */
  ahead(past: Past, ahead: number): number;
}
