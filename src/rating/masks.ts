/** What a page that anybody with the link may open says of people and places. */

const doubleSurnames =
  /^(?:欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空)/

/** `张师傅`: how customers call who was there. Names that are not Chinese stay as they are. */
export function customerName(name: string): string {
  if (!/^[\u4e00-\u9fff]{2,4}$/.test(name)) return name === '' ? '师傅' : name
  if (/(?:师傅|经理|工|老师)$/.test(name)) return name
  return `${doubleSurnames.exec(name)?.[0] ?? name.slice(0, 1)}师傅`
}

/** The road an address is on, without anything behind it; empty where it names none. */
export function streetOf(address: string): string {
  const found = /^[^\d０-９#＃\s]+?(?:大道|大街|公路|路|街|巷|弄|胡同)/.exec(address)
  return found?.[0] ?? ''
}
