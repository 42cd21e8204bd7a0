/** Faults of a rule book in the words of those who edit it on a page. What is not known here stays as the program says it. */

type Put = readonly [pattern: RegExp, words: string]

const puts: readonly Put[] = [
  [/^is missing$/, '没有写，要补上'],
  [/^is no setting of this version: check its spelling$/, '没有这个设置，请核对拼写'],
  [/^must be a duration like 30m, 2h, 1h30m or 3d$/, '要写时长，比如 30m、2h、1h30m、3d'],
  [/^must be a time of day like 08:30$/, '要写钟点，比如 08:30'],
  [
    /^must be a span like 08:00-12:00(?: that ends after it begins)?$/,
    '要写一段时间，比如 08:00-12:00，后一个比前一个晚',
  ],
  [/^must be a share like 90%$/, '要写百分数，比如 90%'],
  [/^must be a day like "2026-12-01"$/, '要写日期，比如 "2026-12-01"，带引号'],
  [/^must be one of (.*)$/, '只能是其中一个：$1'],
  [/^must be a whole number, one more at each change$/, '要写整数，每改一次加 1'],
  [/^must come later than the step above it$/, '要比上一步晚'],
  [/^names nobody to tell$/, '没有写告诉谁'],
  [/^is there twice$/, '写了两次'],
  [/^is empty.*$/, '是空的，请写上，或者整段删掉'],
  [/^is never over: (.*)$/, '永远到不了：$1'],
  [/^needs the section `(.*)`$/, '要先有「$1」这一段'],
  [/^is never used: .*$/, '写了也用不到，请核对'],
  [/^Invalid input: expected (\w+), received (\w+)$/, '类型不对：要 $1，写的是 $2'],
  [/^Too small: expected \w+ to (?:be|have) >=?\s*(\S+).*$/, '太小，至少 $1'],
  [/^Too big: expected \w+ to (?:be|have) <=?\s*(\S+).*$/, '太大，最多 $1'],
  [/^(.*): due (.*), not (.*)$/, '$1：算出来 $2 到期，例子写的是 $3'],
  [/^(.*): runs, and should not: due (.*)$/, '$1：不该计时，算出来 $2 到期'],
  [/^(.*): does not run, and should be due (.*)$/, '$1：没有计时，例子写的是 $2 到期'],
  [/^(.*): is (.*), not (.*)$/, '$1：算出来 $2，例子写的是 $3'],
  [/^\*(.*) repeats what is nowhere named above it$/, '*$1 前面没有起过这个名字（&$1）'],
  [/^\*(.*) repeats what it is a part of$/, '*$1 引用了它自己'],
  [/^repeats \(\*\) come to more than.*$/, '引用（*）展开以后太大，请直接写出来'],
  [/^Map keys must be unique$/, '同一层里这个名字写了两次'],
  [/^All mapping items must start at the same column$/, '缩进不齐：同一层的要从同一列写起'],
  [/^Implicit keys need to be on a single line$/, '这一行少了冒号，或者冒号后面少了空格'],
  [/^Nested mappings are not allowed in compact mappings$/, '一行里写了两个冒号：带冒号的文字要加引号'],
  [/^Missing closing "?'?quote.*$/, '少了后半个引号'],
  [/^Tabs are not allowed as indentation$/, '缩进要用空格，不能用 Tab'],
]

/** `must be …, not "2 hours"` → `要写…，写的是「2 hours」`. */
export function faultWords(message: string): string {
  const [, bare = message, given] = /^(.*), not "(.*)"$/s.exec(message) ?? []
  const put = puts.find(([pattern]) => pattern.test(bare))
  if (!put) return message
  const said = bare.replace(put[0], put[1])
  return given === undefined ? said : `${said}，写的是「${given}」`
}
