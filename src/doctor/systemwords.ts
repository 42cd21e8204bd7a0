import type { SystemFinding, Words } from './finding.ts'

export const systemWords: Readonly<Record<SystemFinding, Words>> = {
  'config.missing': {
    zh: ['没有写 {name}：{why}。', '在 .env 里写上 {name}。在哪里找：{where}。'],
    en: ['{name} is missing: {why}.', 'Set {name} in .env. Where it is found: {where}.'],
  },
  'config.wrong': {
    zh: ['{name} 写得不对：{why}。', '改 .env 里的 {name}。在哪里找：{where}。'],
    en: ['{name} is wrong: {why}.', 'Change {name} in .env. Where it is found: {where}.'],
  },
  'service.port-taken': {
    zh: [
      '端口 {port} 被别的程序占用，服务启动不了。',
      '停掉那个程序，或在 .env 里把 PORT 改成别的数，反向代理也跟着改。',
    ],
    en: [
      'Another program listens on port {port}: the service cannot start.',
      'Stop that program, or set PORT to another number, in the proxy as well.',
    ],
  },
  'service.problem': {
    zh: ['正在运行的服务自己报告：{what}（{problem}）。', '{fix}'],
    en: ['The running service reports {problem}: {what}.', '{fix}'],
  },
  'data.not-writable': {
    zh: [
      '数据目录 {folder} 写不进去（{why}）。',
      '让运行服务的用户能写这个目录（chown、chmod），或把 DATA_DIR 改到能写的地方。',
    ],
    en: [
      'The data folder {folder} cannot be written to ({why}).',
      'Let the service’s user write there (chown, chmod), or set DATA_DIR to a folder it can write to.',
    ],
  },
  'data.space-low': {
    zh: [
      '数据目录 {folder} 所在的磁盘只剩 {free} MB。',
      '清出空间，或把 DATA_DIR 换到更大的磁盘；写满了，服务收不下消息。',
    ],
    en: [
      'Only {free} MB are free where the data folder {folder} is.',
      'Make room, or move DATA_DIR to a larger disk: on a full one the service cannot take in messages.',
    ],
  },
  'database.locked': {
    zh: [
      '自带的数据库 {folder} 正被另一个进程（{pid}）用着，这里的服务启动不了。',
      '一个目录只能给一个进程用：停掉那个进程，或换一个 DATA_DIR；要跑几个实例，就用 PostgreSQL（DATABASE_URL）。',
    ],
    en: [
      'The embedded database {folder} is in use by another process ({pid}): this one’s service cannot start.',
      'One folder serves one process: stop that one, or set another DATA_DIR; for several instances use PostgreSQL (DATABASE_URL).',
    ],
  },
  'database.damaged': {
    zh: ['自带的数据库 {folder} 打不开：{why}。', '停掉服务，把这个目录留一份，再从备份恢复。'],
    en: [
      'The embedded database {folder} does not open: {why}.',
      'Stop the service, keep a copy of the folder, and restore a backup.',
    ],
  },
  'database.unreachable': {
    zh: [
      '连不上数据库 {host}：{why}。',
      '检查 DATABASE_URL 里的主机和端口、PostgreSQL 是否在运行、防火墙和 pg_hba.conf 是否放行这台机器。',
    ],
    en: [
      'The database at {host} cannot be reached: {why}.',
      'Check host and port in DATABASE_URL, that PostgreSQL runs, and that firewall and pg_hba.conf let this machine in.',
    ],
  },
  'database.refused': {
    zh: [
      '数据库 {host} 不让登录：用户名或密码不对，或 pg_hba.conf 没有放行。',
      '改 DATABASE_URL 里的用户和密码，或在数据库里改这个用户的密码（ALTER ROLE … PASSWORD …）。',
    ],
    en: [
      'The database at {host} refuses the login: user or password are wrong, or pg_hba.conf does not let it in.',
      'Correct user and password in DATABASE_URL, or set the user’s password there (ALTER ROLE … PASSWORD …).',
    ],
  },
  'database.absent': {
    zh: [
      '{host} 上没有 DATABASE_URL 写的这个数据库。',
      '在 PostgreSQL 里建一个（CREATE DATABASE 名字 OWNER 用户），或改 DATABASE_URL 最后的名字。',
    ],
    en: [
      'There is no such database as DATABASE_URL names at {host}.',
      'Create it (CREATE DATABASE name OWNER user), or correct the name at the end of DATABASE_URL.',
    ],
  },
  'database.old': {
    zh: ['PostgreSQL 是 {version} 版，太旧。', '升级到 13 版或更新的。'],
    en: ['PostgreSQL is version {version}: too old.', 'Upgrade to version 13 or later.'],
  },
  'database.encoding': {
    zh: [
      '数据库的编码是 {encoding}，存不全中文。',
      "另建一个 UTF8 的库（CREATE DATABASE 名字 ENCODING 'UTF8' TEMPLATE template0），改 DATABASE_URL。",
    ],
    en: [
      'The database’s encoding is {encoding}, which does not hold Chinese.',
      "Create one with UTF8 (CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0) and change DATABASE_URL.",
    ],
  },
  'database.read-only': {
    zh: [
      '数据库只能读：可能连到了备库。',
      '把 DATABASE_URL 改成主库；是主库的话，去掉 default_transaction_read_only。',
    ],
    en: [
      'The database is read-only: it may be a standby.',
      'Point DATABASE_URL to the primary; if it is one, take default_transaction_read_only out.',
    ],
  },
  'database.no-rights': {
    zh: [
      '数据库的用户不能建表，启动和升级都会失败。',
      '在 PostgreSQL 里让它拥有这个库：ALTER DATABASE 名字 OWNER TO 用户，GRANT CREATE ON SCHEMA public TO 用户。',
    ],
    en: [
      'The database’s user may not create tables: starting and upgrading will fail.',
      'Make it the owner: ALTER DATABASE name OWNER TO user, GRANT CREATE ON SCHEMA public TO user.',
    ],
  },
  'database.clock': {
    zh: ['数据库的时钟和这台机器差 {seconds} 秒。', '两台机器都用 NTP 对时（timedatectl set-ntp true，或 chrony）。'],
    en: [
      'The database’s clock and this machine’s are {seconds} s apart.',
      'Keep both by NTP (timedatectl set-ntp true, or chrony).',
    ],
  },
  'database.behind': {
    zh: [
      '数据库的表结构比程序旧，差 {count} 步（从 {first} 起）。',
      '先备份，再用这个版本启动服务：启动时会自动升级。',
    ],
    en: [
      'The database’s schema is {count} step(s) behind this version (from {first}).',
      'Make a backup, then start this version: the start brings it up to date.',
    ],
  },
  'database.newer': {
    zh: ['数据库被更新的版本用过，这个版本不认识：{why}', '用那个版本或更新的版本启动，不要用旧的。'],
    en: ['A later version has used the database: {why}', 'Start that version or a later one, not this one.'],
  },
  'database.changed': {
    zh: ['升级脚本和数据库里记的不一样：{why}', '重新安装发布的这个版本，不要改 prisma/migrations 里的文件。'],
    en: [
      'A migration is not the one that was applied: {why}',
      'Install the released version again; do not change files in prisma/migrations.',
    ],
  },
  'database.unfinished': {
    zh: ['上一次升级没有做完：{why}', '恢复升级前的备份再启动；没有备份的话，照启动时打印的办法改。'],
    en: [
      'An upgrade was begun and never finished: {why}',
      'Restore the backup from before and start again; without one, do what the start prints.',
    ],
  },
  'rules.unreadable': {
    zh: ['制度文件读不了：{why}', '照行号改好，用 npm run policy -- check 文件 再查一遍；目录不对就改 POLICY_DIR。'],
    en: [
      'A rule book cannot be read: {why}',
      'Mend the line that is named and check it with npm run policy -- check FILE; if the folder is wrong, correct POLICY_DIR.',
    ],
  },
  'rules.case': {
    zh: [
      '制度「{book}」里的例子「{case}」算出来不是它写的：{why}',
      '改规则或改例子，用 npm run policy -- check 文件 再查一遍。',
    ],
    en: [
      'The case “{case}” of the rule book “{book}” does not come out as it says: {why}',
      'Correct the rule or the case, and check it with npm run policy -- check FILE.',
    ],
  },
  'rules.unknown': {
    zh: [
      '班组「{team}」用的制度「{book}」不存在，现在按默认制度算。',
      '把那个文件放回 POLICY_DIR，或在工作台 → 规则里给班组换一本。',
    ],
    en: [
      'The team {team} runs on the rule book “{book}”, which is not there; the default one is used.',
      'Put its file back into POLICY_DIR, or give the team another one in the console → 规则.',
    ],
  },
  'teams.unreadable': {
    zh: ['班组文件读不了：{why}', '照行号改好，样子见 deploy/teams.example.yaml；文件不在就改 TEAMS_FILE。'],
    en: [
      'The teams file cannot be read: {why}',
      'Mend the line that is named (see deploy/teams.example.yaml); if it is not there, correct TEAMS_FILE.',
    ],
  },
}
