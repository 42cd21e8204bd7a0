import type { PlatformFinding } from '../platforms/checkup.ts'
import type { Words } from './finding.ts'

/** What stands between the platforms and the service: clocks, the public address, the proxy. */
type OnTheWay = Extract<PlatformFinding, `${'clock' | 'public' | 'door'}.${string}`>

export const wayWords: Readonly<Record<OnTheWay, Words>> = {
  'clock.off': {
    zh: [
      '这台机器的时钟和 {platform} 的差 {seconds} 秒。',
      '用 NTP 对时（timedatectl set-ntp true，或 chrony）；差到 300 秒，签名就通不过了。',
    ],
    en: [
      'This machine’s clock differs from {platform}’s by {seconds} s.',
      'Keep it by NTP (timedatectl set-ntp true, or chrony); from 300 s on signatures are refused.',
    ],
  },
  'clock.far': {
    zh: [
      '这台机器的时钟和 {platform} 的差 {seconds} 秒：超过 300 秒，平台发来的都会被当作重放拒绝。',
      '马上用 NTP 对时（timedatectl set-ntp true，或 chrony），再重启服务。',
    ],
    en: [
      'This machine’s clock differs from {platform}’s by {seconds} s: beyond 300 s what the platform sends is refused as a replay.',
      'Set it by NTP now (timedatectl set-ntp true, or chrony) and restart the service.',
    ],
  },
  'public.not-https': {
    zh: [
      'PUBLIC_URL 是 http：{url}，路上的人看得见登录和客户资料。',
      '给域名配上证书（nginx、Caddy 都行），把 PUBLIC_URL 改成 https://…，各个后台里填的地址也跟着改。',
    ],
    en: [
      'PUBLIC_URL is plain http: {url}. Sign-ins and customers’ data can be read on the way.',
      'Get a certificate for the domain (nginx or Caddy), set PUBLIC_URL to https://…, and change the address in the consoles as well.',
    ],
  },
  'public.private': {
    zh: [
      'PUBLIC_URL 的 {host} 是内网地址，平台和客户的手机都到不了。',
      '用公网域名，解析到反向代理，再改 PUBLIC_URL。',
    ],
    en: [
      '{host} in PUBLIC_URL is a private address: neither the platform nor customers’ phones get there.',
      'Use a public domain that leads to your proxy, and change PUBLIC_URL.',
    ],
  },
  'public.pages-path': {
    zh: [
      '{url} 回答的不是派工（HTTP {status}）：工资条和客户评价页打不开。',
      '在反向代理里把 /p/ 和 /r/ 转到服务的端口，写法见 docs/wecom.md 第 2 节。',
    ],
    en: [
      '{url} is not answered by Paigong (HTTP {status}): payslips and customers’ rating pages do not open.',
      'Pass /p/ and /r/ to the service’s port, as docs/wecom.md §2 shows.',
    ],
  },
  'public.login-path': {
    zh: [
      '{url} 回答的不是派工的登录（HTTP {status}）：反向代理没有把登录的地址转过来。',
      '在反向代理里把 /login、/logout、/session（和 /m/、/console/）转到服务的端口，写法见 docs/wecom.md 第 9 节。',
    ],
    en: [
      '{url} is not answered by Paigong’s sign-in (HTTP {status}): the proxy does not pass it on.',
      'Pass /login, /logout and /session (and /m/, /console/) to the service’s port, as docs/wecom.md §9 shows.',
    ],
  },
  'door.unreachable': {
    zh: [
      '从这台机器打不开 {url}（{why}）。',
      '检查域名解析、443 端口和防火墙，反向代理是否在运行；只是本机绕不回自己的公网地址的，从外面用手机流量再试。',
    ],
    en: [
      '{url} cannot be opened from this machine ({why}).',
      'Check DNS, port 443, the firewall, and that the proxy runs; if only this machine cannot reach its own public address, try from outside.',
    ],
  },
  'door.certificate': {
    zh: [
      '{url} 的证书不对（{why}），平台会拒绝连接。',
      '换成受信任的、没过期的、和域名相符的证书，连中间证书一起装（fullchain.pem）。',
    ],
    en: [
      'The certificate of {url} is not good ({why}): the platform will refuse to connect.',
      'Install one that is trusted, in date and for this domain, with its intermediate certificates (fullchain.pem).',
    ],
  },
  'door.no-service': {
    zh: [
      '反向代理在，但它后面的服务没有回答：{url} 是 HTTP {status}。',
      '启动服务（npm start）；已经启动的，让反向代理转到它的端口（PORT，默认 3000）。',
    ],
    en: [
      'The proxy is there and the service behind it is not: {url} answers HTTP {status}.',
      'Start the service (npm start); if it runs, let the proxy pass to its port (PORT, 3000 by default).',
    ],
  },
  'door.redirect': {
    zh: [
      '{url} 转去了 {to}；平台不跟着转。',
      '把 PUBLIC_URL 和后台里填的地址改成最后那个（一般是 https），或在反向代理里去掉这个转向。',
    ],
    en: [
      '{url} redirects to {to}; the platform does not follow.',
      'Enter the final address (usually https) as PUBLIC_URL and in the console, or take the redirect out of the proxy.',
    ],
  },
  'door.elsewhere': {
    zh: [
      '{url} 有回答，但不是派工的（HTTP {status}）：反向代理转错了地方，或改了内容。',
      '让反向代理把 /wecom/ 和 /dingtalk/ 原样转到服务的端口：路径不改，不加登录，不加 WAF 验证页（docs/wecom.md 第 2 节）。',
    ],
    en: [
      '{url} is answered by something else than Paigong (HTTP {status}): the proxy leads elsewhere or changes what passes.',
      'Let the proxy pass /wecom/ and /dingtalk/ unchanged to the service’s port: same path, no login, no challenge page (docs/wecom.md §2).',
    ],
  },
  'door.slow': {
    zh: [
      '{url} 用了 {ms} 毫秒才回答；平台保存地址时只等一秒。',
      '看机器是否太忙、反向代理是否绕远；换近一点的服务器。',
    ],
    en: [
      '{url} took {ms} ms to answer; the platform waits one second when the address is saved.',
      'See whether the machine is busy or the proxy takes a long way; use a nearer server.',
    ],
  },
}
