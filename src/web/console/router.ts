import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import BoardPage from './pages/board/BoardPage.vue'

/** The parts of the console, in the order of the menu. Each but the board is fetched when it is first opened. */
const parts: RouteRecordRaw[] = [
  { path: '/', name: 'board', component: BoardPage, meta: { title: { zh: '看板', en: 'Board' }, roles: null } },
  {
    ...{ path: '/orders/:code', name: 'order', props: true },
    component: () => import('./pages/orders/OrderPage.vue'),
    meta: { title: { zh: '派工单', en: 'Order' }, roles: null, within: 'board' },
  },
  {
    ...{ path: '/calls', name: 'calls' },
    component: () => import('./pages/orders/CallsPage.vue'),
    meta: { title: { zh: '回访', en: 'Call-backs' }, roles: ['dispatcher', 'manager'] },
  },
  {
    ...{ path: '/imports', name: 'imports' },
    component: () => import('./pages/imports/ImportsPage.vue'),
    meta: { title: { zh: '导入导出', en: 'Import, export' }, roles: ['dispatcher', 'manager'] },
  },
  {
    ...{ path: '/month', name: 'month', component: () => import('./pages/month/MonthPage.vue') },
    meta: { title: { zh: '月结', en: 'Months' }, roles: ['technician', 'manager', 'finance'] },
  },
  {
    ...{ path: '/policies', name: 'policies', component: () => import('./pages/policies/PoliciesPage.vue') },
    meta: { title: { zh: '规则', en: 'Rules' }, roles: ['manager'] },
  },
  {
    ...{
      path: '/policies/:name/:version?',
      name: 'policy',
      component: () => import('./pages/policies/PolicyPage.vue'),
    },
    meta: { title: { zh: '规则', en: 'Rules' }, roles: ['manager'], within: 'policies' },
  },
  {
    ...{ path: '/leave', name: 'leave', component: () => import('./pages/leave/LeavePage.vue') },
    meta: { title: { zh: '请假', en: 'Leave' }, roles: null },
  },
  {
    ...{ path: '/leave/requests', name: 'leaveRequests', component: () => import('./pages/leave/LeaveListPage.vue') },
    meta: { title: { zh: '请假', en: 'Leave' }, roles: null, within: 'leave' },
  },
  {
    ...{
      path: '/leave/requests/:code',
      name: 'leaveRequest',
      component: () => import('./pages/leave/LeaveRequestPage.vue'),
    },
    meta: { title: { zh: '请假', en: 'Leave' }, roles: null, within: 'leave' },
  },
  {
    ...{ path: '/leave/new', name: 'leaveNew', component: () => import('./pages/leave/LeaveEntryPage.vue') },
    meta: { title: { zh: '请假', en: 'Leave' }, roles: null, within: 'leave' },
  },
  {
    ...{ path: '/attendance', name: 'attendance', component: () => import('./pages/attendance/AttendancePage.vue') },
    meta: { title: { zh: '考勤', en: 'Attendance' }, roles: null, within: 'leave' },
  },
  {
    ...{ path: '/incidents', name: 'incidents', component: () => import('./pages/incidents/IncidentsPage.vue') },
    meta: { title: { zh: '奖惩', en: 'Incidents' }, roles: null },
  },
  {
    ...{
      path: '/incidents/new',
      name: 'incidentNew',
      component: () => import('./pages/incidents/IncidentEntryPage.vue'),
    },
    meta: { title: { zh: '奖惩', en: 'Incidents' }, roles: ['dispatcher', 'manager'], within: 'incidents' },
  },
  {
    ...{ path: '/incidents/:code', name: 'incident', component: () => import('./pages/incidents/IncidentPage.vue') },
    meta: { title: { zh: '奖惩', en: 'Incidents' }, roles: null, within: 'incidents' },
  },
  {
    path: '/people',
    name: 'people',
    component: () => import('./pages/people/PeoplePage.vue'),
    meta: { title: { zh: '人员', en: 'People' }, roles: ['dispatcher', 'manager'] },
  },
  {
    path: '/people/new',
    name: 'newPerson',
    component: () => import('./pages/people/NewPersonPage.vue'),
    meta: { title: { zh: '加人', en: 'Add somebody' }, roles: ['manager'], within: 'people' },
  },
  {
    path: '/people/:id',
    name: 'person',
    component: () => import('./pages/people/PersonPage.vue'),
    meta: { title: { zh: '人员', en: 'Person' }, roles: ['dispatcher', 'manager'], within: 'people' },
  },
  {
    path: '/teams',
    name: 'teams',
    component: () => import('./pages/people/TeamsPage.vue'),
    meta: { title: { zh: '班组', en: 'Teams' }, roles: ['dispatcher', 'manager'], within: 'people' },
  },
  {
    path: '/ops',
    name: 'ops',
    component: () => import('./pages/ops/OutboxPage.vue'),
    meta: { title: { zh: '运行', en: 'Operation' }, roles: ['manager'], company: true },
  },
  {
    path: '/ops/health',
    name: 'health',
    component: () => import('./pages/ops/HealthPage.vue'),
    meta: { title: { zh: '健康', en: 'Health' }, roles: ['manager'], within: 'ops' },
  },
  {
    path: '/ops/audit',
    name: 'audit',
    component: () => import('./pages/ops/AuditPage.vue'),
    meta: { title: { zh: '操作记录', en: 'Audit log' }, roles: ['manager'], within: 'ops' },
  },
  {
    path: '/ops/privacy',
    name: 'privacy',
    component: () => import('./pages/ops/PrivacyPage.vue'),
    meta: { title: { zh: '个人信息', en: 'Privacy' }, roles: ['manager'], within: 'ops' },
  },
  {
    path: '/ops/tokens',
    name: 'tokens',
    component: () => import('./pages/ops/TokensPage.vue'),
    meta: { title: { zh: '接口令牌', en: 'API tokens' }, roles: ['manager'], within: 'ops' },
  },
]

declare module 'vue-router' {
  interface RouteMeta {
    /** As the menu has it. */
    title: { zh: string; en: string }
    /** Who sees it in the menu; null: everybody. The service decides what he gets. */
    roles: readonly string[] | null
    /** Only for who manages every team there is. */
    company?: boolean
    /** Below which part of the menu a page belongs that is not in it itself. */
    within?: string
  }
}

export const menu = parts.filter(({ meta }) => meta?.within === undefined)

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [...parts, { path: '/:rest(.*)', redirect: '/' }],
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
})
