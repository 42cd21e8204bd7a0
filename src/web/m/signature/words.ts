import { useWords } from '../../shared/words.ts'

/** Words of the customer's signature. */
export const useSignWords = () =>
  useWords(
    {
      ...{ title: '客户签字', ask: '请客户签字', again: '重新签字', none: '客户还没有签字。', clear: '清除' },
      ...{ cancel: '取消', done: '签好了', code: '派工单', customer: '客户', fault: '报修', result: '做了什么' },
      ...{ charge: '收费（元）', paid: '收费', noCharge: '没有写', name: '签字人姓名', pad: '请客户在这里签字' },
      ...{ needed: '完工前请客户在这里签字。', short: '签得太少，看不出名字。请客户写全姓名，再点「签好了」。' },
      ...{ full: '手机存不下了，请先清理空间再签。', unmade: '这个浏览器存不下签字，请换一部手机。' },
      ...{ statement: '以上工作已经做完，收费已经说清，请客户签字确认。', yuan: (n: string) => `${n} 元` },
      ...{
        sending: '正在传',
        waits: '等网络，关掉页面也不会丢',
        refused: '没有收下',
        now: '马上再传',
        drop: '不要这个签字',
      },
      of: (name: string, at: string, by: string) => `${name} 签于 ${at}${by ? `，在${by}的手机上` : ''}`,
      shown: (result: string, charge: string) =>
        `签的是：${[result, charge && `收费 ${charge} 元`].filter(Boolean).join('，')}`,
    },
    {
      ...{ title: 'Customer’s signature', ask: 'Have the customer sign', again: 'Sign again', none: 'Not signed yet.' },
      ...{ clear: 'Clear', cancel: 'Cancel', done: 'Signed', code: 'Job', customer: 'Customer', fault: 'Reported' },
      ...{ result: 'What was done', charge: 'Charge (yuan)', paid: 'Charge', noCharge: 'Not given' },
      ...{
        name: 'Name of who signs',
        pad: 'The customer signs here',
        needed: 'The customer signs before the job is done.',
      },
      ...{ short: 'Too little to be a name. Have the whole name written.', full: 'The phone is full.' },
      ...{ unmade: 'This browser can’t keep a signature, use another phone.', yuan: (n: string) => `${n} yuan` },
      ...{ statement: 'The work above is done and the charge was explained: please sign to confirm.' },
      ...{ sending: 'Sending', waits: 'Waits for a network; kept when the page is closed', refused: 'Not taken' },
      ...{ now: 'Send now', drop: 'Discard this signature' },
      of: (name: string, at: string, by: string) => `${name}, ${at}${by ? `, on ${by}’s phone` : ''}`,
      shown: (result: string, charge: string) =>
        `Signed for: ${[result, charge && `charge ${charge} yuan`].filter(Boolean).join(', ')}`,
    },
  )
