import { useWords } from '../../../shared/words.ts'

/** Words of the order's page, the names of its steps among them. */
export const useOrderWords = () =>
  useWords(
    {
      steps: {
        ...{ accept: '接单', decline: '拒单', contacted: '已联系', unreachable: '联系不上', reschedule: '改约' },
        ...{ depart: '出发', arrive: '到达', suspend: '挂起', resume: '恢复', wait: '再等', complete: '完工' },
        ...{ emptyRun: '空单', askHelp: '求助', undo: '撤回上一步' },
      },
      ...{ again: '再试一次', reading: '正在读取…', sending: '正在发送…', more: '更多', close: '关闭', cancel: '取消' },
      ...{ call: '打电话', go: '导航', copy: '复制地址', copied: '已复制', with: '用哪个地图？' },
      ...{ customer: '客户', phone: '电话', address: '地址', product: '产品', serial: '机号', warranty: '保修' },
      ...{ fault: '故障', visit: '预约', waits: '挂起', outcome: '结果', crew: '同去', clocks: '时限', story: '经过' },
      ...{ before: '以前来过', urgent: '加急', key: '重点客户', helps: '协助', masked: '做完以后号码不再显示' },
      ...{ reason: '原因', note: '说明（可不填）', result: '修理结果', charge: '收费（元）', parts: '用的配件' },
      ...{ part: '配件名称', count: '数量', addPart: '加一种配件', dropPart: '去掉这种配件', when: '什么时候上门' },
      ...{ until: '预计什么时候', noTime: '没定时间', setTime: '选时间', day: '哪天', time: '几点' },
      ...{ declines: ['在外地', '手上有活', '不会修这类'], results: ['修好了', '换件修好', '检测正常'] },
      ...{ sure: '确定是空单吗？记为到过现场、机器正常，这张单就完工了。' },
      ...{
        unsent: '没有发出去：网络断了。信号好了点「再试一次」，不会记成两次。',
        gone: '这张单已经不归你，回到我的单。',
      },
    },
    {
      steps: {
        ...{
          accept: 'Accept',
          decline: 'Decline',
          contacted: 'Called',
          unreachable: 'No answer',
          reschedule: 'Reschedule',
        },
        ...{ depart: 'Set out', arrive: 'Arrived', suspend: 'Suspend', resume: 'Resume', wait: 'Wait on' },
        ...{ complete: 'Done', emptyRun: 'Empty run', askHelp: 'Ask for help', undo: 'Take back the last step' },
      },
      ...{
        again: 'Try again',
        reading: 'Loading…',
        sending: 'Sending…',
        more: 'More',
        close: 'Close',
        cancel: 'Cancel',
      },
      ...{ call: 'Call', go: 'Navigate', copy: 'Copy address', copied: 'Copied', with: 'Which map?' },
      ...{ customer: 'Customer', phone: 'Phone', address: 'Address', product: 'Product', serial: 'Serial' },
      ...{ warranty: 'Warranty', fault: 'Fault', visit: 'Visit', waits: 'Suspended', outcome: 'Result', crew: 'Crew' },
      ...{ clocks: 'Due times', story: 'Story', before: 'Earlier visits', urgent: 'Urgent', key: 'Key customer' },
      ...{ helps: 'Helping', masked: 'The number is not shown once the work is done' },
      ...{ reason: 'Reason', note: 'Note (optional)', result: 'Result', charge: 'Charge (yuan)', parts: 'Parts used' },
      ...{
        part: 'Part',
        count: 'Quantity',
        addPart: 'Add a part',
        dropPart: 'Remove this part',
        when: 'When is the visit',
      },
      ...{ until: 'Until when', noTime: 'No time yet', setTime: 'Choose a time', day: 'Day', time: 'Time' },
      ...{ declines: ['Out of town', 'Busy', 'Not my skill'], results: ['Repaired', 'Part replaced', 'Nothing wrong'] },
      ...{ sure: 'An empty run? It is recorded as visited with nothing wrong, and the job is done.' },
      ...{ unsent: 'Not sent: no network. Try again once there is one; it is not recorded twice.' },
      ...{ gone: 'This job is no longer yours.' },
    },
  )
