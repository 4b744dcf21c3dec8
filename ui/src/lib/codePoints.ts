/*
 * The server counts a text's characters in Unicode code points, JavaScript in UTF-16 units: an emoji is one there and two
 * here.
 */

/** The UTF-16 offset of a code point offset; beyond the end it is the end. */
export function unitOffset(text: string, points: number): number {
  let unit = 0;
  for (let n = 0; n < points && unit < text.length; n++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit;
}

/** The code point offset of a UTF-16 offset; beyond the end it is the end. */
export function pointOffset(text: string, units: number): number {
  let points = 0;
  for (let unit = 0; unit < Math.min(units, text.length); points++)
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return points;
}
