import type { Cursor } from "./cursor.ts";
import { corrupt, unsupported } from "./defect.ts";

/** A class as a Java serialization stream describes it. */
export interface JavaClass {
  readonly name: string;
  /** Its serialVersionUID, as 16 hex digits. */
  readonly uid: string;
  readonly flags: number;
  /** As `Z discardFailed` or `L name Ljava/lang/String;`. */
  readonly fields: readonly string[];
  readonly parent: JavaClass | null;
}

export type JavaValue =
  | null
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "class"; readonly value: JavaClass }
  | { readonly kind: "enum"; readonly type: JavaClass; readonly constant: string }
  | { readonly kind: "object"; readonly type: JavaClass; readonly fields: Map<string, JavaValue> };

/** Begins every stream: magic and version. */
export const MAGIC = 0xaced0005 | 0;
/** Number of the first thing that can be referred to. */
export const FIRST_HANDLE = 0x7e0000;
export const TAGS = {
  null: 0x70,
  reference: 0x71,
  class: 0x72,
  object: 0x73,
  string: 0x74,
  blockEnd: 0x78,
  enum: 0x7e,
} as const;
const SERIALIZABLE = 2;
const ENUM_FLAGS = 0x12;
/** Real properties nest four deep and take 750 bytes. */
const MOST_LEVELS = 16;
const MOST_BYTES = 0x1_0000;

/**
 * Reads one object of a Java serialization stream. It knows objects of plain fields (booleans, texts, enums, objects)
 * and no arrays, proxies or classes with their own way of writing: `unsupported`. What breaks the grammar is `corrupt`.
 */
export class JavaObjects {
  readonly #cursor: Cursor;
  readonly #handles: JavaValue[] = [];
  readonly #start: number;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
    this.#start = cursor.offset;
  }

  read(): JavaValue {
    const { offset } = this.#cursor;
    if (this.#cursor.int() !== MAGIC)
      throw corrupt(
        offset,
        `no checkpoint properties at byte ${offset}; expected them to begin with ac ed 00 05`,
      );
    return this.#value(0);
  }

  #value(depth: number): JavaValue {
    const offset = this.#bounded(depth);
    const tag = this.#cursor.byte();
    switch (tag) {
      case TAGS.null:
        return null;
      case TAGS.reference:
        return this.#reference();
      case TAGS.string:
        return this.#remember({ kind: "string", value: this.#cursor.text() });
      case TAGS.object:
        return this.#object(depth);
      case TAGS.enum:
        return this.#enum(depth);
      default:
        throw tag < TAGS.null || tag > TAGS.enum
          ? corrupt(offset, `the byte ${tag} at byte ${offset} begins nothing in Java's serialization`)
          : unsupported(
              offset,
              `checkpoint properties with a construct ${tag} at byte ${offset} that is not read`,
            );
    }
  }

  /** Where the stream stands, which may not be too deep nor too far: it is read in one go. */
  #bounded(depth: number): number {
    const { offset } = this.#cursor;
    if (depth > MOST_LEVELS)
      throw corrupt(offset, `properties nested deeper than ${MOST_LEVELS} at byte ${offset}`);
    if (offset - this.#start > MOST_BYTES)
      throw corrupt(offset, `properties longer than ${MOST_BYTES} bytes`);
    return offset;
  }

  #reference(): JavaValue {
    const { offset } = this.#cursor;
    const found = this.#handles[this.#cursor.int() - FIRST_HANDLE];
    if (found === undefined)
      throw corrupt(offset, `a reference at byte ${offset} to nothing that stands before it`);
    return found;
  }

  #remember<T extends JavaValue>(value: T): T {
    this.#handles.push(value);
    return value;
  }

  /** A class description, or null where a chain of parents ends. */
  #class(depth: number): JavaClass | null {
    const offset = this.#bounded(depth);
    const tag = this.#cursor.byte();
    if (tag === TAGS.null) return null;
    if (tag === TAGS.reference) {
      const found = this.#reference();
      if (found?.kind === "class") return found.value;
    }
    if (tag !== TAGS.class) throw corrupt(offset, `no class is described at byte ${offset}`);
    const name = this.#cursor.text();
    const uid = this.#uid();
    // It has a number from here on, but cannot be its own parent: until it is whole, nobody finds it.
    const number = this.#handles.push(null) - 1;
    const flags = this.#cursor.byte();
    const fields = this.#fields(depth);
    this.#blockEnd();
    const value = { name, uid, flags, fields, parent: this.#class(depth + 1) };
    this.#handles[number] = { kind: "class", value };
    return value;
  }

  #uid(): string {
    return BigInt.asUintN(64, this.#cursor.long()).toString(16).padStart(16, "0");
  }

  #fields(depth: number): readonly string[] {
    const high = this.#cursor.byte();
    const count = high * 256 + this.#cursor.byte();
    const fields: string[] = [];
    for (let i = 0; i < count; i++) fields.push(this.#field(depth));
    return fields;
  }

  #field(depth: number): string {
    const offset = this.#bounded(depth);
    const type = String.fromCharCode(this.#cursor.byte());
    const name = this.#cursor.text();
    if (type === "Z") return `Z ${name}`;
    if ("BCDFIJS[".includes(type))
      throw unsupported(offset, `checkpoint properties with a field of type ${type} at byte ${offset}`);
    const signature = type === "L" ? this.#value(depth + 1) : null;
    if (signature?.kind !== "string") throw corrupt(offset, `no field is described at byte ${offset}`);
    return `L ${name} ${signature.value}`;
  }

  #blockEnd(): void {
    const { offset } = this.#cursor;
    if (this.#cursor.byte() !== TAGS.blockEnd) throw corrupt(offset, `no end of a block at byte ${offset}`);
  }

  #object(depth: number): JavaValue {
    const { offset } = this.#cursor;
    const type = this.#class(depth + 1);
    if (type === null) throw corrupt(offset, `an object without a class at byte ${offset}`);
    const fields = new Map<string, JavaValue>();
    const value = this.#remember({ kind: "object", type, fields });
    const parts = lineage(type, MOST_LEVELS);
    if (parts === undefined)
      throw corrupt(offset, `a class of more than ${MOST_LEVELS} parents at byte ${offset}`);
    for (const part of parts) {
      if (part.flags !== SERIALIZABLE)
        throw unsupported(
          offset,
          `checkpoint properties with a class of its own way of writing at byte ${offset}`,
        );
      for (const field of part.fields)
        fields.set(field, field.startsWith("Z") ? this.#boolean() : this.#value(depth + 1));
    }
    return value;
  }

  #boolean(): JavaValue {
    const { offset } = this.#cursor;
    const byte = this.#cursor.byte();
    if (byte > 1) throw corrupt(offset, `a truth value of ${byte} at byte ${offset}; expected 0 or 1`);
    return { kind: "boolean", value: byte === 1 };
  }

  #enum(depth: number): JavaValue {
    const { offset } = this.#cursor;
    const type = this.#class(depth + 1);
    if (type === null || type.flags !== ENUM_FLAGS)
      throw corrupt(offset, `an enum of no enum class at byte ${offset}`);
    // The handle is given before the constant's name is read, as the stream counts them.
    const number = this.#handles.push(null) - 1;
    const constant = this.#value(depth + 1);
    if (constant?.kind !== "string") throw corrupt(offset, `an enum without a constant at byte ${offset}`);
    const value: JavaValue = { kind: "enum", type, constant: constant.value };
    this.#handles[number] = value;
    return value;
  }
}

/** A class and its parents, the topmost first: the order of their fields. `undefined` when there are more than `most`. */
export function lineage(type: JavaClass, most: number): readonly JavaClass[] | undefined {
  const classes: JavaClass[] = [];
  for (let at: JavaClass | null = type; at !== null; at = at.parent)
    if (classes.push(at) > most) return undefined;
  return classes.reverse();
}
