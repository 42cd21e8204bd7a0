import { encode } from 'uqr'

/** The modules of a QR code, true is dark; `quiet` light ones all around it, of which scanners want four. */
export function qrOf(text: string, quiet = 4): boolean[][] {
  // M mends 15 %: a screen in the sun with a finger on it.
  return encode(text, { ecc: 'M', border: quiet }).data
}
