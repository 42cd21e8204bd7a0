import type { LeaveAct } from '../../../../console/leavewire.ts'
import { useWords } from '../../../shared/words.ts'

/** What somebody does about his own leave, as buttons and with what follows. */
export const useActWords = () =>
  useWords(
    {
      acts: {
        ...{ take: '同意改期', refuse: '不同意改期', withdraw: '撤回申请', cancel: '撤销请假', return: '提前回来' },
        extend: '续假',
      } as Partial<Record<LeaveAct, string>>,
      will: {
        ...{ refuse: '经理会再批一次。', withdraw: '撤回以后这个申请就没有了。', extend: '续假要再批一次。' },
        ...{ cancel: '撤销以后照常上班，会告诉批准的人和派工员。', return: '从那时起算上班，会告诉派工员。' },
      } as Partial<Record<LeaveAct, string>>,
      ...{ note: '说明（可不写）', days: '续几天', back: '先不办', when: '什么时候回来上班', now: '现在' },
      ...{ later: '到那天', day: '哪天', part: '从什么时候', morning: '早上', noon: '中午' },
    },
    {
      acts: {
        ...{ take: 'Agree', refuse: 'Disagree', withdraw: 'Withdraw', cancel: 'Cancel leave', return: 'Back early' },
        extend: 'Extend',
      } as Partial<Record<LeaveAct, string>>,
      will: {
        ...{
          refuse: 'The manager decides again.',
          withdraw: 'The request will be gone.',
          extend: 'It is decided anew.',
        },
        ...{
          cancel: 'Work goes on as usual; approver and desk are told.',
          return: 'At work from then on; the desk is told.',
        },
      } as Partial<Record<LeaveAct, string>>,
      ...{ note: 'Note (may be empty)', days: 'Days longer', back: 'Not now', when: 'Back at work', now: 'Now' },
      ...{ later: 'On a day', day: 'Day', part: 'From', morning: 'morning', noon: 'noon' },
    },
  )
