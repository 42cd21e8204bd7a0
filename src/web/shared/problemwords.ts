/** What a program is told when something is wrong (RFC 9457), as far as it is there. */
export interface Problem {
  title?: string
  detail?: string
}

/**
 * The sentence a person gets. What he may not do is said in Chinese by the service; what is broken it says to programs, in
 * English, and people are told what to do.
 */
export function problemWords(status: number, problem: Problem | null): string {
  if (status < 500) return problem?.detail ?? `服务没有接受（${status}），请刷新页面再试。`
  if (problem?.title === 'Platform failed') return `平台没有办成，请稍后再试。原因：${problem.detail}`
  if (status > 501)
    return '服务现在答不上来（正在重启，或连不上数据库），请过一会儿再试。刚才在提交的，先看看是不是已经办了。'
  return `服务出了问题（${status}），请稍后再试。一直这样的话，请管理员看服务的日志。`
}
