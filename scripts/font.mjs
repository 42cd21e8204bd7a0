/**
 * Makes the fonts pictures are drawn with (assets/fonts): Noto Sans SC, cut down to what people here are called and what
 * is said about them, and packed with Brotli, since 10 MB a weight are too many to ship. Run `node scripts/font.mjs` only
 * to change them: the results are in the repository. It needs the network, and leaves nothing installed.
 *
 * Which characters: ASCII, the symbols of GB 2312 without its kana, Greek and Cyrillic doubles, its 6,763 ideographs, and
 * from font-names.txt those 1,467 of the table of standard characters (通用规范汉字表, 2013: what a name in a register may
 * be written with) which GB 2312 lacks, and a few that names have all the same.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const packages = ['subset-font@2.9.0', '@expo-google-fonts/noto-sans-sc@0.4.3']
const weights = { Regular: '400Regular/NotoSansSC_400Regular.ttf', Bold: '700Bold/NotoSansSC_700Bold.ttf' }
const into = fileURLToPath(new URL('../assets/fonts/', import.meta.url))
const names = new URL('font-names.txt', import.meta.url)

/** The rows of GB 2312 that are of use: symbols, numbers, full-width Latin, rules, ideographs. */
const rows = [0xa1, 0xa2, 0xa3, 0xa9, ...Array.from({ length: 0xf8 - 0xb0 }, (_, at) => 0xb0 + at)]

function characters() {
  const gb = new TextDecoder('gb18030')
  const found = new Set(readFileSync(names, 'utf8').replace(/\s/g, ''))
  for (let code = 0x20; code < 0x7f; code++) found.add(String.fromCharCode(code))
  for (const row of rows)
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const char = gb.decode(Uint8Array.of(row, cell))
      if ([...char].length === 1 && !/[\ufffd\ue000-\uf8ff]/.test(char)) found.add(char)
    }
  for (const char of '·–—−…¥€°±×÷≤≥▲▼△▽●○■□★☆←→↑↓✓〓') found.add(char)
  return [...found].join('')
}

const dir = mkdtempSync(join(tmpdir(), 'paigong-font-'))
try {
  execFileSync('npm', ['install', '--prefix', dir, '--no-save', '--ignore-scripts', '--no-audit', ...packages], {
    stdio: 'inherit',
  })
  const { default: subset } = await import(pathToFileURL(join(dir, 'node_modules/subset-font/index.js')).href)
  const text = characters()
  for (const [weight, file] of Object.entries(weights)) {
    const whole = readFileSync(join(dir, 'node_modules/@expo-google-fonts/noto-sans-sc', file))
    const cut = await subset(whole, text, { targetFormat: 'sfnt', noLayoutClosure: true })
    const packed = brotliCompressSync(cut, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: cut.length,
      },
    })
    writeFileSync(join(into, `NotoSansSC-${weight}.ttf.br`), packed)
    console.log(`${weight}: ${[...text].length} characters, ${packed.length} bytes`)
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
