/**
 * Addresses that open a place in a map, in its app where there is one, else as a page; they need no key and no script.
 * Amap: lbs.amap.com/api/uri-api/guide/mobile-web/search. Tencent: lbs.qq.com/webApi/uriV1/uriGuide/uriWebSearch. Baidu:
 * lbsyun.baidu.com/faq/api?title=webapi/uri/web (`/place/search`).
 */
export function mapsTo(address: string): Array<{ zh: string; en: string; href: string }> {
  const of = (base: string, query: Record<string, string>) => `${base}?${new URLSearchParams(query)}`
  return [
    {
      zh: '高德地图',
      en: 'Amap',
      href: of('https://uri.amap.com/search', { keyword: address, src: 'paigong', callnative: '1' }),
    },
    {
      zh: '腾讯地图',
      en: 'Tencent',
      href: of('https://apis.map.qq.com/uri/v1/search', { keyword: address, referer: 'paigong' }),
    },
    {
      ...{ zh: '百度地图', en: 'Baidu' },
      href: of('https://api.map.baidu.com/place/search', {
        query: address,
        region: '全国',
        output: 'html',
        src: 'paigong',
      }),
    },
  ]
}
