import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import { decodeBase64, encodeBase64Url } from '../../../crypto/encoding/base64.ts';
import { decodeUtf8, encodeUtf8 } from '../../../crypto/encoding/utf8.ts';

/** A JSON Web Token in compact form, taken apart; nothing is verified. */
export interface ParsedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What the signature is over: "header.claims", still encoded. */
  readonly signed: string;
  readonly signature: Uint8Array;
}

/** Undefined for a text that is none. */
export function parseToken(token: string): ParsedToken | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0)
    return undefined;
  const parsedHeader = jsonOf(header);
  const parsedClaims = jsonOf(claims);
  const bytes = decodeBase64Url(signature);
  if (parsedHeader === undefined || parsedClaims === undefined || bytes === undefined) return undefined;
  return { header: parsedHeader, claims: parsedClaims, signed: `${header}.${claims}`, signature: bytes };
}

/** A header or claims as they stand in a token, fields in the order of the alphabet as go-jose writes them. */
export function encodePart(part: JsonObject): string {
  return encodeBase64Url(encodeUtf8(sortedText(part)));
}

function decodeBase64Url(text: string): Uint8Array | undefined {
  return /^[\w-]*$/.test(text) ? decodeBase64(text.replace(/-/g, '+').replace(/_/g, '/')) : undefined;
}

function jsonOf(part: string): JsonObject | undefined {
  const bytes = decodeBase64Url(part);
  if (bytes === undefined) return undefined;
  try {
    const value = JSON.parse(decodeUtf8(bytes)) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As JSON, the fields of objects in the order of the alphabet. */
function sortedText(value: Json): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${sortedText(value[field]!)}`).join(',')}}`;
}
