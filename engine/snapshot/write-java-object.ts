import { Failure } from "../../model/index.ts";
import { BytesOut } from "./bytes-out.ts";
import { FIRST_HANDLE, type JavaClass, type JavaValue, lineage, MAGIC, TAGS } from "./java-object.ts";

/** The Java serialization stream of one object, byte for byte as Java writes it for the shapes that occur. */
export function writeJavaObject(value: JavaValue): Uint8Array {
  const writer = new JavaWriter();
  writer.out.int(MAGIC);
  writer.value(value);
  return writer.out.finish();
}

class JavaWriter {
  readonly out = new BytesOut();
  /** Classes and signatures are written once and then referred to; other things get a number all the same. */
  readonly #handles = new Map<string, number>();
  #count = 0;

  value(value: JavaValue): void {
    if (value === null) this.out.byte(TAGS.null);
    else if (value.kind === "boolean") this.out.byte(value.value ? 1 : 0);
    else if (value.kind === "string") this.#string(value.value);
    else if (value.kind === "object") this.#object(value.type, value.fields);
    else if (value.kind === "enum") this.#enum(value.type, value.constant);
    else this.#class(value.value);
  }

  #string(text: string): void {
    this.out.byte(TAGS.string);
    this.#count += 1;
    this.out.text(text);
  }

  #object(type: JavaClass, fields: ReadonlyMap<string, JavaValue>): void {
    this.out.byte(TAGS.object);
    this.#class(type);
    this.#count += 1;
    for (const field of (lineage(type, Number.POSITIVE_INFINITY) ?? []).flatMap((part) => part.fields)) {
      const value = fields.get(field);
      if (value === undefined)
        throw new Failure("bad-request", `cannot write a Java object: ${type.name}; got no field ${field}`);
      this.value(value);
    }
  }

  #enum(type: JavaClass, constant: string): void {
    this.out.byte(TAGS.enum);
    this.#class(type);
    this.#count += 1;
    this.#string(constant);
  }

  #class(type: JavaClass | null): void {
    if (type === null) this.out.byte(TAGS.null);
    else if (!this.#refer(`class ${type.name}`)) {
      this.out.byte(TAGS.class);
      this.out.text(type.name);
      this.out.long(BigInt(`0x${type.uid}`));
      this.#number(`class ${type.name}`);
      this.out.byte(type.flags);
      this.out.short(type.fields.length);
      for (const field of type.fields) this.#field(field);
      this.out.byte(TAGS.blockEnd);
      this.#class(type.parent);
    }
  }

  #field(field: string): void {
    const [type = "", name = "", signature] = field.split(" ");
    this.out.byte(type.charCodeAt(0));
    this.out.text(name);
    if (signature === undefined || this.#refer(signature)) return;
    this.out.byte(TAGS.string);
    this.#number(signature);
    this.out.text(signature);
  }

  #number(what: string): void {
    this.#handles.set(what, this.#count++);
  }

  /** Writes a reference if this thing has been written before. */
  #refer(what: string): boolean {
    const handle = this.#handles.get(what);
    if (handle === undefined) return false;
    this.out.byte(TAGS.reference);
    this.out.int(FIRST_HANDLE + handle);
    return true;
  }
}
